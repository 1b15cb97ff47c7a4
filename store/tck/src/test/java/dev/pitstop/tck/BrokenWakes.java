package dev.pitstop.tck;

import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that let listeners sleep or wake them wrongly, each in one way. */
final class BrokenWakes {
  private BrokenWakes() {}

  /** Wakes nobody while it is silent. */
  abstract static class Silent extends ForwardingStore {
    private final ThreadLocal<Boolean> silent = ThreadLocal.withInitial(() -> false);

    Silent(Store whole) {
      super(whole);
    }

    void silently(Runnable work) {
      silent.set(true);
      try {
        work.run();
      } finally {
        silent.set(false);
      }
    }

    @Override
    public Subscription onWake(String queue, Runnable wake) {
      return super.onWake(
          queue,
          () -> {
            if (!silent.get()) {
              wake.run();
            }
          });
    }
  }

  /** Wakes nobody for what is requeued. */
  static final class RequeuesSilently extends Silent {
    RequeuesSilently(Store whole) {
      super(whole);
    }

    @Override
    public boolean requeue(Key key) {
      List<Boolean> done = new ArrayList<>();
      silently(() -> done.add(super.requeue(key)));
      return done.get(0);
    }
  }

  /** Wakes for the first of a batch only. */
  static final class WakesForTheFirst extends Silent {
    WakesForTheFirst(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      int first = Math.min(1, puts.size());
      List<PutResult> results = new ArrayList<>(super.put(puts.subList(0, first)));
      silently(() -> results.addAll(super.put(puts.subList(first, puts.size()))));
      return results;
    }
  }

  /** Wakes the last only of those who asked for it. */
  static final class WakesTheLast extends ForwardingStore {
    private final Map<String, Subscription> last = new ConcurrentHashMap<>();

    WakesTheLast(Store whole) {
      super(whole);
    }

    @Override
    public Subscription onWake(String queue, Runnable wake) {
      Subscription subscription = super.onWake(queue, wake);
      Subscription before = last.put(queue, subscription);
      if (before != null) {
        before.close();
      }
      return subscription;
    }
  }

  /** Goes on to wake those who have left. */
  static final class WakesWhoHasLeft extends ForwardingStore {
    WakesWhoHasLeft(Store whole) {
      super(whole);
    }

    @Override
    public Subscription onWake(String queue, Runnable wake) {
      var unused = super.onWake(queue, wake);
      return () -> {};
    }
  }

  /** Says that nothing is further away than a minute. */
  static final class SleepsAMinuteAtMost extends ForwardingStore {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    SleepsAMinuteAtMost(Store whole) {
      super(whole);
    }

    @Override
    public Optional<Duration> untilNextDue(String queue) {
      return super.untilNextDue(queue).map(wait -> wait.compareTo(MINUTE) > 0 ? MINUTE : wait);
    }
  }

  /** Says zero where nothing waits. */
  static final class NeverSleeps extends ForwardingStore {
    NeverSleeps(Store whole) {
      super(whole);
    }

    @Override
    public Optional<Duration> untilNextDue(String queue) {
      return Optional.of(super.untilNextDue(queue).orElse(Duration.ZERO));
    }
  }
}
