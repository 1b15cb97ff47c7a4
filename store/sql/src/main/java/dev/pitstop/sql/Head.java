package dev.pitstop.sql;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the messages of a queue begin that can still be leased: its low-water mark. Thread-safe.
 *
 * <p>What was leased or settled lately lies at the head of the order of due times, and each look
 * from the start passes over it: leases in hand, and where someone holds an old snapshot every
 * message that was there since. So where there is much of it a look begins behind what this process
 * has leased, and only now and then at the start, for what the mark hides: leases that ran out, and
 * what others have committed late. While a backlog is taken that is once a second; where a look
 * from the start takes long, it is done for a twentieth of the time.
 */
final class Head {
  /** Looks from the start that take less are made at any time. */
  private static final long CHEAP = TimeUnit.MILLISECONDS.toNanos(10);

  private static final int SHARE = 20;

  /** After so many were leased and more are left, the next look from the start waits a second. */
  private static final int BACKLOG = 1_000;

  private static final long WHILE_BACKLOG = TimeUnit.SECONDS.toNanos(1);

  /** How often in a row it must have taken long: one look may be slow for other reasons. */
  private static final int SAMPLES = 4;

  private Position mark = Position.START;
  private long lowered = Long.MAX_VALUE; // the lowest since a look is under way
  private int underWay;
  private long leaseEnd = Long.MAX_VALUE; // of the first lease that may run out
  private boolean more;
  private int leasedSince;
  private boolean looked;
  private long lookedAt;
  private final Deque<Long> costs = new ArrayDeque<>(Collections.nCopies(SAMPLES, 0L));

  /**
   * A look that is under way.
   *
   * @param from where it begins
   * @param begun when, by {@link System#nanoTime}
   */
  record Look(Position from, long begun) {
    boolean isFull() {
      return from.equals(Position.START);
    }
  }

  /**
   * Begins a look, at the start when that is due; one of the methods that end it follows.
   *
   * @param nowMillis the store's time
   */
  synchronized Look begin(long nowMillis) {
    underWay++;
    return new Look(untilFull(nowMillis) == 0 ? Position.START : mark, System.nanoTime());
  }

  /** How many nanoseconds until a look from the start is due. */
  synchronized long untilFull(long nowMillis) {
    if (!looked || nowMillis >= leaseEnd) {
      return 0;
    }
    long cost = Collections.min(costs);
    long pause = cost < CHEAP ? 0 : SHARE * cost;
    if (more && leasedSince >= BACKLOG) {
      pause = Math.max(WHILE_BACKLOG, pause);
    }
    return Math.max(0, lookedAt + pause - System.nanoTime());
  }

  /** How many nanoseconds ago it was looked at from the start. */
  synchronized long unseenFor() {
    return looked ? System.nanoTime() - lookedAt : Long.MAX_VALUE;
  }

  /**
   * Ends a look that leased.
   *
   * @param leased what it has leased
   * @param more whether there may be more to lease
   */
  synchronized void leased(Look look, List<Row> leased, boolean more) {
    this.more = more;
    leased.stream()
        .map(Row::position)
        .max(Position::compareTo)
        .filter(last -> look.isFull() || last.compareTo(mark) > 0)
        .ifPresent(last -> mark = last);
    over(look, leased.isEmpty());
    leasedSince += leased.size();
    for (Row row : leased) {
      leaseEnd = Math.min(leaseEnd, row.entry().leased().until().toEpochMilli());
    }
  }

  /**
   * Ends a look that leased nothing.
   *
   * @param first the due time of the first that can be leased; {@link Long#MAX_VALUE} for none
   */
  synchronized void seen(Look look, long first) {
    more = false;
    over(look, true);
    lower(first);
  }

  /** Ends a look that failed, after what may be the time limit of a call. */
  synchronized void failed(Look look) {
    over(look, true);
  }

  private void over(Look look, boolean nothingElse) {
    if (look.isFull()) {
      looked = true;
      lookedAt = System.nanoTime();
      leasedSince = 0;
      leaseEnd = Long.MAX_VALUE;
      if (nothingElse) {
        costs.remove();
        costs.add(lookedAt - look.begun());
      }
    }
    lower(lowered);
    underWay--;
    if (underWay == 0) {
      lowered = Long.MAX_VALUE;
    }
  }

  /** Says that something due at a time, in milliseconds since 1970, can be leased. */
  synchronized void lower(long due) {
    lowered = underWay > 0 ? Math.min(lowered, due) : Long.MAX_VALUE;
    if (due < mark.due()) {
      mark = new Position(due, 0);
    }
  }
}
