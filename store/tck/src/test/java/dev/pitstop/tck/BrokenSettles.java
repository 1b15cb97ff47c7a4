package dev.pitstop.tck;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;

/** Stores that settle, count, list or close wrongly, each in one way. */
final class BrokenSettles {
  private BrokenSettles() {}

  /** Settles one after the other, each in its own way. */
  abstract static class OneByOne extends ForwardingStore {
    OneByOne(Store whole) {
      super(whole);
    }

    abstract boolean settle(Settlement settlement);

    boolean soundly(Settlement settlement) {
      return whole.settle(List.of(settlement)).get(0);
    }

    @Override
    public List<Boolean> settle(List<Settlement> settlements) {
      List<Boolean> results = new ArrayList<>();
      for (Settlement settlement : settlements) {
        results.add(settle(settlement));
      }
      return results;
    }
  }

  /** Takes the token of whoever has the message now for the one it was given. */
  static final class IgnoresTokens extends OneByOne {
    IgnoresTokens(Store whole) {
      super(whole);
    }

    @Override
    boolean settle(Settlement s) {
      long token =
          find(s.key())
              .filter(e -> e.lease() != null)
              .map(e -> e.leased().token())
              .orElse(s.token());
      return soundly(BrokenLeases.withToken(s, token));
    }
  }

  /** Refuses to settle a lease that has run out. */
  static final class RefusesAfterExpiry extends OneByOne {
    RefusesAfterExpiry(Store whole) {
      super(whole);
    }

    @Override
    boolean settle(Settlement s) {
      return find(s.key()).filter(e -> e.state() == State.LEASED).isPresent() && soundly(s);
    }
  }

  /** Says again what it said of the same settlement before. */
  static final class SaysYesAgain extends OneByOne {
    private final Set<Settlement> done = ConcurrentHashMap.newKeySet();

    SaysYesAgain(Store whole) {
      super(whole);
    }

    @Override
    boolean settle(Settlement s) {
      if (done.contains(s)) {
        return true;
      }
      boolean took = soundly(s);
      if (took && !(s instanceof Settlement.Extend)) {
        done.add(s);
      }
      return took;
    }
  }

  /** Extends a lease from where it ends. */
  static final class ExtendsFromTheEnd extends OneByOne {
    ExtendsFromTheEnd(Store whole) {
      super(whole);
    }

    @Override
    boolean settle(Settlement s) {
      if (s instanceof Settlement.Extend extend) {
        Duration left =
            find(s.key())
                .filter(e -> e.lease() != null)
                .map(e -> Duration.between(now(), e.leased().until()))
                .orElse(Duration.ZERO);
        return soundly(new Settlement.Extend(s.key(), s.token(), extend.leaseTime().plus(left)));
      }
      return soundly(s);
    }
  }

  /** Buries by moving ahead a little. */
  static final class EmitsWhatIsBuried extends OneByOne {
    EmitsWhatIsBuried(Store whole) {
      super(whole);
    }

    @Override
    boolean settle(Settlement s) {
      return soundly(
          s instanceof Settlement.Bury bury
              ? new Settlement.Move(s.key(), s.token(), bury.progress())
              : s);
    }
  }

  /** Counts what is replaced once more. */
  static final class Miscounts extends ForwardingStore {
    private final Map<String, AtomicLong> replaced = new ConcurrentHashMap<>();

    Miscounts(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      List<PutResult> results = super.put(puts);
      for (int i = 0; i < puts.size(); i++) {
        if (results.get(i).equals(PutResult.REPLACED)) {
          String queue = puts.get(i).entry().key().queue();
          replaced.computeIfAbsent(queue, q -> new AtomicLong()).incrementAndGet();
        }
      }
      return results;
    }

    @Override
    public List<QueueStats> stats() {
      return super.stats().stream()
          .map(
              s ->
                  new QueueStats(
                      s.queue(),
                      s.scheduled() + replaced.getOrDefault(s.queue(), new AtomicLong()).get(),
                      s.leased(),
                      s.buried(),
                      s.nextDue(),
                      s.paused()))
          .toList();
    }
  }

  /** Lets the lease of a removed message be settled as if it were there. */
  static final class SettlesWhatIsRemoved extends OneByOne {
    private final Set<Key> removed = ConcurrentHashMap.newKeySet();

    SettlesWhatIsRemoved(Store whole) {
      super(whole);
    }

    @Override
    public List<Boolean> remove(List<Key> keys) {
      removed.addAll(keys);
      return super.remove(keys);
    }

    @Override
    boolean settle(Settlement s) {
      return soundly(s) || removed.contains(s.key());
    }
  }

  /** Leaves out the first of each page but the first. */
  static final class SkipsBetweenPages extends ForwardingStore {
    SkipsBetweenPages(Store whole) {
      super(whole);
    }

    @Override
    public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
      Page<Entry> page = super.list(queue, filter, from, limit);
      boolean first = from.isEmpty() || page.items().isEmpty();
      return first ? page : new Page<>(page.items().subList(1, page.items().size()), page.next());
    }
  }

  /** Begins at the beginning where it does not know a cursor. */
  static final class TakesAnyCursor extends ForwardingStore {
    TakesAnyCursor(Store whole) {
      super(whole);
    }

    @Override
    public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
      return super.list(queue, filter, from.filter(text -> text.contains("-")), limit);
    }
  }

  /** Answers to calls after it was closed. */
  static final class AnswersAfterClosing extends ForwardingStore {
    AnswersAfterClosing(Store whole) {
      super(whole);
    }

    @Override
    public Optional<Entry> find(Key key) {
      try {
        return super.find(key);
      } catch (StoreUnavailableException e) {
        return Optional.empty();
      }
    }
  }

  /** Leaves buried ones when a queue is purged. */
  static final class PurgesWhatWaitsOnly extends ForwardingStore {
    PurgesWhatWaitsOnly(Store whole) {
      super(whole);
    }

    @Override
    public long purge(String queue) {
      List<Key> keys =
          list(queue, Filter.ALL, Optional.empty(), 10_000).items().stream()
              .filter(entry -> entry.state() != State.BURIED)
              .map(Entry::key)
              .toList();
      remove(keys);
      return keys.size();
    }
  }

  /** Requeues without forgetting the attempts. */
  static final class RequeuesWithItsAttempts extends ForwardingStore {
    RequeuesWithItsAttempts(Store whole) {
      super(whole);
    }

    @Override
    public boolean requeue(Key key) {
      Optional<Entry> buried = find(key).filter(entry -> entry.state() == State.BURIED);
      buried.ifPresent(
          e -> {
            Entry waiting = Entry.scheduled(key, e.payload(), e.schedule(), e.progress());
            put(List.of(new Put(waiting, IfPresent.REPLACE, false)));
          });
      return buried.isPresent();
    }
  }

  /** Moves with another progress than it was given. */
  static final class MovesOtherwise extends OneByOne {
    private final BinaryOperator<Progress> change;

    MovesOtherwise(Store whole, BinaryOperator<Progress> change) {
      super(whole);
      this.change = change;
    }

    @Override
    boolean settle(Settlement s) {
      Optional<Entry> before = find(s.key());
      return soundly(
          s instanceof Settlement.Move move && before.isPresent()
              ? new Settlement.Move(
                  s.key(), s.token(), change.apply(before.get().progress(), move.progress()))
              : s);
    }
  }

  static Store keepsTheErrorOfBefore(Store whole) {
    return new MovesOtherwise(
        whole,
        (old, p) ->
            p.lastError() != null
                ? p
                : new Progress(
                    p.due(), p.scheduledFor(), p.missed(), p.attempts(), old.lastError()));
  }

  static Store countsWhatIsReleased(Store whole) {
    return new MovesOtherwise(
        whole,
        (old, p) ->
            new Progress(p.due(), p.scheduledFor(), p.missed(), old.attempts(), p.lastError()));
  }

  static Store cutsErrors(Store whole) {
    return new MovesOtherwise(
        whole,
        (old, p) -> {
          String error = p.lastError();
          String cut = error == null ? null : error.substring(0, Math.min(255, error.length()));
          return new Progress(p.due(), p.scheduledFor(), p.missed(), p.attempts(), cut);
        });
  }

  /** Keeps what is acked for a while. */
  static final class KeepsWhatIsAcked extends OneByOne {
    KeepsWhatIsAcked(Store whole) {
      super(whole);
    }

    @Override
    boolean settle(Settlement s) {
      Progress later = Progress.starting(now().plus(Duration.ofDays(1)));
      return soundly(
          s instanceof Settlement.Delete ? new Settlement.Move(s.key(), s.token(), later) : s);
    }
  }

  /** Lets the lease that buried a message settle it after it was requeued. */
  static final class SettlesWhatIsRequeued extends OneByOne {
    private final Map<Key, Long> buried = new ConcurrentHashMap<>();

    SettlesWhatIsRequeued(Store whole) {
      super(whole);
    }

    @Override
    boolean settle(Settlement s) {
      if (s instanceof Settlement.Bury) {
        buried.put(s.key(), s.token());
      }
      boolean stale = buried.getOrDefault(s.key(), -1L) == s.token();
      boolean waits = find(s.key()).filter(e -> e.state() == State.SCHEDULED).isPresent();
      return soundly(s) || (stale && waits && remove(List.of(s.key())).get(0));
    }
  }

  /** Removes what waits or is leased only. */
  static final class DoesNotRemoveWhatIsBuried extends ForwardingStore {
    DoesNotRemoveWhatIsBuried(Store whole) {
      super(whole);
    }

    @Override
    public List<Boolean> remove(List<Key> keys) {
      List<Boolean> results = new ArrayList<>();
      for (Key key : keys) {
        boolean buried = find(key).filter(e -> e.state() == State.BURIED).isPresent();
        results.add(!buried && super.remove(List.of(key)).get(0));
      }
      return results;
    }
  }

  /** Says that it has removed, and does not. */
  static final class OnlySaysItRemoves extends ForwardingStore {
    OnlySaysItRemoves(Store whole) {
      super(whole);
    }

    @Override
    public List<Boolean> remove(List<Key> keys) {
      return keys.stream().map(key -> find(key).isPresent()).toList();
    }
  }

  /** Fails when it is closed again. */
  static final class FailsWhenClosedAgain extends ForwardingStore {
    private boolean closed;

    FailsWhenClosedAgain(Store whole) {
      super(whole);
    }

    @Override
    public synchronized void close() {
      if (closed) {
        throw new AssertionError("closed again");
      }
      closed = true;
      super.close();
    }
  }
}
