package dev.pitstop.server.live;

import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import dev.pitstop.QueueCounters;
import dev.pitstop.StoredMessage;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was acked, failed and set aside, of all processes of the store and over restarts.
 * Thread-safe.
 *
 * <p>Each process has its own totals, in blocks, and stores those that have changed each minute as
 * messages in a queue that servers keep, replacing what it stored before: doing that twice adds
 * nothing. A block falls due when it is no longer kept, and is acked away then. What a process has
 * counted within its last minute is lost when it is killed.
 */
final class History {
  private static final Logger log = LoggerFactory.getLogger(History.class);
  private static final int PAGE = 100;
  private static final int MOST_READINGS = 16;
  private static final int MOST_UNWRITTEN = 24;
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final QueueCounters NONE = new QueueCounters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private record Span(Resolution resolution, long from, long to) {}

  private record Kept(Block block, boolean mine) {}

  private record Reading(long nanos, CompletableFuture<List<Kept>> kept) {}

  private final Node node;
  private final String self;
  private final Map<String, QueueCounters> counted = new HashMap<>(); // guarded by this
  private final Map<Resolution, NavigableMap<Long, Block>> own =
      new EnumMap<>(Resolution.class); // this
  private final Map<Span, Reading> readings = // guarded by this
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Span, Reading> eldest) {
          return size() > MOST_READINGS;
        }
      };

  /**
   * The history of a store.
   *
   * @param self names this process; never the name of another, nor of one before
   */
  History(Node node, String self) {
    this.node = node;
    this.self = self;
    for (Resolution resolution : Resolution.values()) {
      own.put(resolution, new TreeMap<>());
    }
  }

  /** Adds what has been counted since it was called last. */
  synchronized void add(Map<String, QueueCounters> counters, Instant now) {
    counters.forEach(
        (queue, after) -> {
          QueueCounters before = counted.getOrDefault(queue, NONE);
          long acked = after.acked() - before.acked();
          long failed = after.nacked() - before.nacked();
          long buried = after.buried() - before.buried();
          if (acked + failed + buried > 0) {
            for (Resolution resolution : Resolution.values()) {
              block(resolution, now).add(queue, now.getEpochSecond(), acked, failed, buried);
            }
            counted.put(queue, after);
          }
        });
  }

  private Block block(Resolution resolution, Instant now) {
    NavigableMap<Long, Block> blocks = blocks(resolution);
    if (blocks.size() > MOST_UNWRITTEN) {
      Block lost = blocks.pollFirstEntry().getValue();
      log.warn(
          "totals of {} could not be stored and are lost", Instant.ofEpochSecond(lost.start()));
    }
    return blocks.computeIfAbsent(resolution.blockOf(now), start -> new Block(resolution, start));
  }

  private NavigableMap<Long, Block> blocks(Resolution resolution) {
    return java.util.Objects.requireNonNull(own.get(resolution));
  }

  /** Stores what has changed; forgets what is stored and over. Completes when that is done. */
  CompletableFuture<Void> write(Instant now) {
    List<CompletableFuture<Void>> writes = new ArrayList<>();
    synchronized (this) {
      for (Resolution resolution : Resolution.values()) {
        blocks(resolution)
            .values()
            .removeIf(
                block ->
                    !block.isChanged() && resolution.end(block.start()) < now.getEpochSecond());
        for (Block block : blocks(resolution).values()) {
          if (block.isChanged()) {
            block.written();
            writes.add(write(resolution, block));
          }
        }
      }
    }
    return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> write(Resolution resolution, Block block) {
    Message<byte[]> message =
        Message.of(block.text()).id(block.start() + "/" + self).contentType("text/plain");
    return queue(resolution)
        .store(message, resolution.expiry(block.start()))
        .handle(
            (stored, failure) -> {
              if (failure != null) {
                failed(block, failure);
              }
              return null;
            });
  }

  private void failed(Block block, Throwable failure) {
    boolean never = failure instanceof InvalidFieldException;
    if (never) {
      log.warn("totals are not kept: {}", failure.getMessage());
      return;
    }
    log.debug("totals were not stored and are again", failure);
    synchronized (this) {
      block.changeAgain();
    }
  }

  /** Removes what is no longer kept, whoever stored it. */
  CompletableFuture<Void> sweep() {
    return CompletableFuture.allOf(
        Stream.of(Resolution.values())
            .map(resolution -> Expired.remove(queue(resolution)))
            .toArray(CompletableFuture[]::new));
  }

  /** The blocks of all processes that hold what was done from an instant to another. */
  CompletableFuture<List<Block>> blocks(Resolution resolution, Instant from, Instant to) {
    Span span = new Span(resolution, resolution.blockOf(from), resolution.blockOf(to));
    CompletableFuture<List<Kept>> kept;
    synchronized (this) {
      Reading reading = readings.get(span);
      if (reading == null || System.nanoTime() - reading.nanos > KEPT_NANOS) {
        reading = new Reading(System.nanoTime(), read(span, Optional.empty(), new ArrayList<>()));
        readings.put(span, reading);
      }
      kept = reading.kept;
    }
    return kept.thenApply(stored -> withOwn(resolution, stored));
  }

  /** What this process has at hand is newer than what it stored of that. */
  private synchronized List<Block> withOwn(Resolution resolution, List<Kept> stored) {
    NavigableMap<Long, Block> mine = blocks(resolution);
    List<Block> all = new ArrayList<>();
    mine.values().forEach(block -> all.add(block.copy()));
    for (Kept kept : stored) {
      if (!kept.mine || !mine.containsKey(kept.block.start())) {
        all.add(kept.block);
      }
    }
    return all;
  }

  private CompletableFuture<List<Kept>> read(Span span, Optional<String> from, List<Kept> into) {
    Resolution resolution = span.resolution;
    Filter filter =
        Filter.ALL
            .dueFrom(resolution.expiry(span.from))
            .dueBefore(resolution.expiry(span.to).plusMillis(1));
    return queue(resolution)
        .list(filter, from, PAGE)
        .thenCompose(
            page -> {
              page.items().forEach(message -> take(resolution, message, into));
              return page.next().isEmpty()
                  ? CompletableFuture.completedFuture(into)
                  : read(span, page.next(), into);
            });
  }

  private void take(Resolution resolution, StoredMessage message, List<Kept> into) {
    String[] id = message.id().split("/", -1);
    try {
      Block block = Block.parse(resolution, Long.parseLong(id[0]), message.body());
      into.add(new Kept(block, id[id.length - 1].equals(self)));
    } catch (PitstopException | NumberFormatException e) {
      log.debug("message {} of the servers' own holds no totals", message.id(), e);
    }
  }

  private MessageQueue<byte[]> queue(Resolution resolution) {
    return node.pitstop().queue(Reserved.PREFIX + "history." + resolution.word());
  }
}
