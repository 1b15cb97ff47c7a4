package dev.pitstop.tck;

import dev.pitstop.Filter;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Stores that hand messages out wrongly, each in one way. */
final class BrokenLeases {
  private BrokenLeases() {}

  /** Gives something else than what was leased. */
  static final class Changing extends ForwardingStore {
    private final UnaryOperator<List<Entry>> change;

    Changing(Store whole, UnaryOperator<List<Entry>> change) {
      super(whole);
      this.change = change;
    }

    @Override
    public List<Entry> lease(String queue, int limit, Duration leaseTime) {
      return change.apply(new ArrayList<>(super.lease(queue, limit, leaseTime)));
    }
  }

  static Store givesTheLastFirst(Store whole) {
    return new Changing(
        whole,
        leased -> {
          Collections.reverse(leased);
          return leased;
        });
  }

  static Store ordersEqualTimesById(Store whole) {
    return new Changing(
        whole,
        leased -> {
          leased.sort(
              Comparator.<Entry, Instant>comparing(entry -> entry.progress().due())
                  .thenComparing(entry -> entry.key().id()));
          return leased;
        });
  }

  static Store saysItIsTheFirstAttempt(Store whole) {
    return new Changing(
        whole,
        leased ->
            leased.stream()
                .map(
                    e -> {
                      Progress p = e.progress();
                      Progress first =
                          new Progress(p.due(), p.scheduledFor(), p.missed(), 1, p.lastError());
                      return new Entry(
                          e.key(), e.payload(), e.schedule(), e.state(), first, e.lease());
                    })
                .toList());
  }

  /** Gives what it gave last when it finds nothing more. */
  static final class LeasesTwice extends ForwardingStore {
    private volatile List<Entry> last = List.of();

    LeasesTwice(Store whole) {
      super(whole);
    }

    @Override
    public List<Entry> lease(String queue, int limit, Duration leaseTime) {
      List<Entry> leased = super.lease(queue, limit, leaseTime);
      List<Entry> before = last;
      last = leased;
      return leased.isEmpty() ? before.stream().limit(limit).toList() : leased;
    }
  }

  /** Gives the same to two who ask at once. */
  static final class LeasesTwiceInARace extends ForwardingStore {
    private final AtomicInteger inside = new AtomicInteger();
    private volatile List<Entry> last = List.of();

    LeasesTwiceInARace(Store whole) {
      super(whole);
    }

    @Override
    public List<Entry> lease(String queue, int limit, Duration leaseTime) {
      boolean alone = inside.incrementAndGet() == 1;
      try {
        LockSupport.parkNanos(1_000);
        if (!alone && !last.isEmpty()) {
          return last.stream().limit(limit).toList();
        }
        last = super.lease(queue, limit, leaseTime);
        return last;
      } finally {
        inside.decrementAndGet();
      }
    }
  }

  /** Leases for its own time, whatever time it is asked for. */
  static final class KnowsBetterHowLong extends ForwardingStore {
    KnowsBetterHowLong(Store whole) {
      super(whole);
    }

    @Override
    public List<Entry> lease(String queue, int limit, Duration leaseTime) {
      return super.lease(queue, limit, Duration.ofMinutes(15));
    }
  }

  /** Looks only for what is due later than all that it has leased before. */
  static final class LooksForwardOnly extends ForwardingStore {
    private Instant cursor = Instant.MIN;

    LooksForwardOnly(Store whole) {
      super(whole);
    }

    @Override
    public synchronized List<Entry> lease(String queue, int limit, Duration leaseTime) {
      List<Entry> leased = new ArrayList<>();
      for (Entry entry : super.lease(queue, limit, leaseTime)) {
        if (entry.progress().due().isBefore(cursor)) {
          super.settle(List.of(Trial.release(entry)));
        } else {
          cursor = entry.progress().due();
          leased.add(entry);
        }
      }
      return leased;
    }
  }

  /** Never gives again what was put back at the due time that it gave last. */
  static final class LooksBehindWhatItGave extends ForwardingStore {
    private final Set<Key> given = new HashSet<>();
    private Instant last = Instant.MIN;

    LooksBehindWhatItGave(Store whole) {
      super(whole);
    }

    @Override
    public synchronized List<Entry> lease(String queue, int limit, Duration leaseTime) {
      List<Entry> leased = new ArrayList<>();
      for (Entry entry : super.lease(queue, limit, leaseTime)) {
        if (entry.progress().due().isAfter(last)) {
          last = entry.progress().due();
          given.clear();
        }
        if (given.add(entry.key())) {
          leased.add(entry);
        } else {
          super.settle(List.of(Trial.release(entry)));
        }
      }
      return leased;
    }
  }

  /** Numbers the leases of each message from one when it is put anew. */
  static final class CountsTokensByMessage extends ForwardingStore {
    private final Map<Key, Map<Long, Long>> tokens = new ConcurrentHashMap<>();

    CountsTokensByMessage(Store whole) {
      super(whole);
    }

    @Override
    public List<Entry> lease(String queue, int limit, Duration leaseTime) {
      return super.lease(queue, limit, leaseTime).stream().map(this::numbered).toList();
    }

    private Entry numbered(Entry e) {
      Map<Long, Long> own = tokens.computeIfAbsent(e.key(), key -> new ConcurrentHashMap<>());
      long number = own.size() + 1L;
      own.put(number, e.leased().token());
      return withToken(e, number);
    }

    @Override
    public List<Boolean> settle(List<Settlement> settlements) {
      List<Boolean> results = new ArrayList<>();
      for (Settlement s : settlements) {
        long token = tokens.getOrDefault(s.key(), Map.of()).getOrDefault(s.token(), -1L);
        boolean done = super.settle(List.of(withToken(s, token))).get(0);
        if (done && s instanceof Settlement.Delete) {
          tokens.remove(s.key());
        }
        results.add(done);
      }
      return results;
    }

    @Override
    public List<Boolean> remove(List<Key> keys) {
      keys.forEach(tokens::remove);
      return super.remove(keys);
    }
  }

  /** Begins with its tokens anew each time it is opened. */
  static final class RepeatsTokensAfterOpening extends ForwardingStore {
    private long before = -1;

    RepeatsTokensAfterOpening(Store whole) {
      super(whole);
    }

    @Override
    public synchronized List<Entry> lease(String queue, int limit, Duration leaseTime) {
      List<Entry> leased = super.lease(queue, limit, leaseTime);
      if (before < 0 && !leased.isEmpty()) {
        before = leased.get(0).leased().token() - 1;
      }
      return leased.stream().map(e -> withToken(e, e.leased().token() - before)).toList();
    }

    @Override
    public synchronized List<Boolean> settle(List<Settlement> settlements) {
      return super.settle(
          settlements.stream().map(s -> withToken(s, s.token() + Math.max(0, before))).toList());
    }
  }

  /** Gives all leases back when it is opened. */
  static final class ForgetsLeasesWhenKilled extends ForwardingStore {
    ForgetsLeasesWhenKilled(Store whole) {
      super(whole);
      whole
          .list(Trial.QUEUE, Filter.of(State.LEASED), Optional.empty(), 1_000)
          .items()
          .forEach(leased -> whole.settle(List.of(Trial.release(leased))));
    }
  }

  /** Says how long it is to the next due time, whatever lease ends before. */
  static final class SleepsOverTheEndOfLeases extends ForwardingStore {
    SleepsOverTheEndOfLeases(Store whole) {
      super(whole);
    }

    @Override
    public Optional<Duration> untilNextDue(String queue) {
      return stats().stream()
          .filter(stats -> stats.queue().equals(queue))
          .flatMap(stats -> stats.nextDue().stream())
          .map(due -> Duration.between(now(), due))
          .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
          .findFirst();
    }
  }

  /** Cuts leases to what fits 32 bits. */
  static final class CutsLeasesTo31Bits extends ForwardingStore {
    CutsLeasesTo31Bits(Store whole) {
      super(whole);
    }

    @Override
    public List<Entry> lease(String queue, int limit, Duration leaseTime) {
      Duration most = Duration.ofMillis(Integer.MAX_VALUE);
      return super.lease(queue, limit, leaseTime.compareTo(most) > 0 ? most : leaseTime);
    }
  }

  /** Does not look at what has been due for more than a year. */
  static final class ForgetsTheLongPast extends ForwardingStore {
    ForgetsTheLongPast(Store whole) {
      super(whole);
    }

    @Override
    public List<Entry> lease(String queue, int limit, Duration leaseTime) {
      Instant past = now().minus(Duration.ofDays(365));
      return super.lease(queue, limit, leaseTime).stream()
          .filter(entry -> entry.progress().due().isAfter(past))
          .toList();
    }
  }

  private static Entry withToken(Entry e, long token) {
    Lease lease = new Lease(token, e.leased().until());
    return new Entry(e.key(), e.payload(), e.schedule(), e.state(), e.progress(), lease);
  }

  /** The same settlement under another token. */
  static Settlement withToken(Settlement s, long token) {
    if (s instanceof Settlement.Move move) {
      return new Settlement.Move(s.key(), token, move.progress());
    }
    if (s instanceof Settlement.Bury bury) {
      return new Settlement.Bury(s.key(), token, bury.progress());
    }
    if (s instanceof Settlement.Extend extend) {
      return new Settlement.Extend(s.key(), token, extend.leaseTime());
    }
    return new Settlement.Delete(s.key(), token);
  }
}
