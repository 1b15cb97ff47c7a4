package dev.pitstop.server.config;

import dev.pitstop.ListenerOptions;
import dev.pitstop.broker.RelaySettings;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.webhook.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What holds for the messages of some queues. Immutable.
 *
 * @param queues which
 * @param options how they are leased and retried
 * @param target where they are posted to; empty when they are not
 * @param relays which brokers they come from and go to
 */
public record QueueSettings(
    QueuePattern queues, ListenerOptions options, Optional<Target> target, RelaySettings relays) {

  /** Those of queues that nothing is relayed from or to. */
  public QueueSettings(QueuePattern queues, ListenerOptions options, Optional<Target> target) {
    this(queues, options, target, RelaySettings.none());
  }

  /** The options of a queue: those of the pattern that says most of its name. */
  public static ListenerOptions options(List<QueueSettings> all, String queue) {
    return all.stream()
        .filter(settings -> settings.queues().matches(queue))
        .max(
            Comparator.comparing((QueueSettings settings) -> settings.queues().isName())
                .thenComparing(settings -> settings.queues().text().length()))
        .map(QueueSettings::options)
        .orElseGet(ListenerOptions::defaults);
  }
}
