package dev.pitstop.server.live;

import dev.pitstop.MessageQueue;
import dev.pitstop.Page;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.StoredMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Looks for messages that match, page by page, until there are enough or its time is over. */
final class Selecting {
  private static final int SAMPLES = 10;
  private static final int PAGE = 100;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final MessageQueue<byte[]> queue;
  private final Selection.Matching matching;
  private final int most;
  private final long end = System.nanoTime() + LONGEST_NANOS;
  private final List<String> ids = new ArrayList<>();
  private final List<byte[]> samples = new ArrayList<>();

  Selecting(MessageQueue<byte[]> queue, Selection.Matching matching, int most) {
    this.queue = queue;
    this.matching = matching;
    this.most = most;
  }

  List<String> ids() {
    return ids;
  }

  List<byte[]> samples() {
    return samples;
  }

  /** Looks; completes with whether all were found. */
  CompletableFuture<Boolean> run() {
    return from(Optional.empty());
  }

  private CompletableFuture<Boolean> from(Optional<String> cursor) {
    CompletableFuture<Page<StoredMessage>> page =
        matching.prefix().isPresent()
            ? queue.search(matching.prefix().get(), cursor, PAGE)
            : queue.list(matching.filter(), cursor, PAGE);
    return page.thenCompose(
        found -> {
          boolean room = found.items().stream().allMatch(this::take);
          if (found.next().isEmpty() || !room) {
            return CompletableFuture.completedFuture(room);
          }
          return System.nanoTime() > end
              ? CompletableFuture.completedFuture(false)
              : from(found.next());
        });
  }

  /** Says whether there was room for it. */
  private boolean take(StoredMessage message) {
    if (!matching.holds(message)) {
      return true;
    }
    if (ids.size() >= most) {
      return false;
    }
    ids.add(message.id());
    if (samples.size() < SAMPLES) {
      JsonLine sample = StoredMessages.summary(queue.name(), message);
      samples.add(sample.bytes());
    }
    return true;
  }
}
