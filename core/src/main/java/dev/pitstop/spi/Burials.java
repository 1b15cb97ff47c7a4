package dev.pitstop.spi;

import dev.pitstop.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leased messages that a store cannot read whole: they are buried with the reason, so that they are
 * seen, keep none of the others and can be requeued once they are put right. For one lease call;
 * not thread-safe.
 */
public final class Burials {
  private static final Logger LOG = LoggerFactory.getLogger(Burials.class);

  private final List<Settlement> burials = new ArrayList<>();

  /** None yet. */
  public Burials() {}

  /**
   * Adds one. Its lease counts as no attempt.
   *
   * @param leased the message under its lease, without what could not be read
   * @param damage what could not be read, and why
   */
  public void add(Entry leased, String damage) {
    LOG.warn("message {} is buried: {}", leased.key(), damage);
    Progress progress = leased.progress();
    Progress buried =
        new Progress(
            progress.due(),
            progress.scheduledFor(),
            progress.missed(),
            progress.attempts() - 1,
            damage);
    burials.add(new Settlement.Bury(leased.key(), leased.leased().token(), buried));
  }

  /**
   * Carries them out, if there are any. Those that cannot be buried now come again when their
   * leases have run out.
   *
   * @param settle settles leases as {@link Store#settle}
   */
  public void carryOut(Consumer<List<Settlement>> settle) {
    if (burials.isEmpty()) {
      return;
    }
    try {
      settle.accept(burials);
    } catch (StoreUnavailableException e) {
      LOG.debug("{} messages were not buried and come again", burials.size(), e);
    }
  }
}
