package dev.pitstop.tck;

import dev.pitstop.IfPresent;
import dev.pitstop.Page;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Store;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Stores that do wrongly what operators ask for. */
final class BrokenOperations {
  private BrokenOperations() {}

  /** Reads a message and puts it with another due time, whatever came between. */
  static final class ReschedulesByPutting extends ForwardingStore {
    ReschedulesByPutting(Store whole) {
      super(whole);
    }

    @Override
    public boolean reschedule(Key key, Instant due) {
      Optional<Entry> read = whole.find(key);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      read.ifPresent(
          entry -> whole.put(List.of(new Put(due(entry, due), IfPresent.REPLACE, false))));
      return read.isPresent();
    }

    private static Entry due(Entry entry, Instant due) {
      Progress before = entry.progress();
      Instant occurrence = entry.schedule() == null ? due : before.scheduledFor();
      Progress progress = new Progress(due, occurrence, before.missed(), 0, null);
      return new Entry(
          entry.key(), entry.payload(), entry.schedule(), State.SCHEDULED, progress, null);
    }
  }

  /** Says that queues are paused, and leases from them. */
  static final class OnlySaysItPauses extends ForwardingStore {
    private final Set<String> paused = ConcurrentHashMap.newKeySet();

    OnlySaysItPauses(Store whole) {
      super(whole);
    }

    @Override
    public boolean pause(String queue, boolean pause) {
      return pause ? paused.add(queue) : paused.remove(queue);
    }
  }

  /** Wakes nobody when a queue is resumed. */
  static final class ResumesInSilence extends ForwardingStore {
    private volatile boolean silent;

    ResumesInSilence(Store whole) {
      super(whole);
    }

    @Override
    public boolean pause(String queue, boolean paused) {
      silent = true;
      boolean changed = whole.pause(queue, paused);
      silent = false;
      return changed;
    }

    @Override
    public Subscription onWake(String queue, Runnable wake) {
      return whole.onWake(
          queue,
          () -> {
            if (!silent) {
              wake.run();
            }
          });
    }
  }

  /** Shows the first page of a search only. */
  static final class SearchesOnePage extends ForwardingStore {
    SearchesOnePage(Store whole) {
      super(whole);
    }

    @Override
    public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
      return new Page<>(whole.search(queue, prefix, from, limit).items(), Optional.empty());
    }
  }

  /** Counts all that is due, however much. */
  static final class CountsWithoutEnd extends ForwardingStore {
    CountsWithoutEnd(Store whole) {
      super(whole);
    }

    @Override
    public List<Long> countDue(String queue, List<Instant> edges, int most) {
      return whole.countDue(queue, edges, Integer.MAX_VALUE);
    }
  }
}
