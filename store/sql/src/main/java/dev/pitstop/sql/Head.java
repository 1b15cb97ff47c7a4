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

  /** What leasing a message may take by itself, which is not the fault of where a look begins. */
  private static final long A_MESSAGE = TimeUnit.MICROSECONDS.toNanos(10);

  /** After so many were leased and more are left, the next look from the start waits a second. */
  private static final int BACKLOG = 1_000;

  private static final long WHILE_BACKLOG = TimeUnit.SECONDS.toNanos(1);

  /** How often in a row it must have taken long: one look may be slow for other reasons. */
  private static final int SAMPLES = 4;

  private Position mark = Position.START;
  private Position furthest = Position.START; // of all that was leased
  private Position lowered = Position.END; // the lowest since a look is under way
  private long told = Long.MAX_VALUE; // the same, of what is known by its due time alone
  private int underWay;
  private int fullUnderWay;
  private final LeaseEnds ends = new LeaseEnds();
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
   * @param nowMillis when, by the store's time
   */
  record Look(Position from, long begun, long nowMillis) {
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
    Position from = untilFull(nowMillis) == 0 ? Position.START : mark;
    Look look = new Look(from, System.nanoTime(), nowMillis);
    underWay++;
    if (look.isFull()) {
      fullUnderWay++;
    }
    return look;
  }

  /** How many nanoseconds until a look from the start is due. */
  synchronized long untilFull(long nowMillis) {
    if (!looked) {
      return 0;
    }
    long cost = Collections.min(costs);
    long pause = cost < CHEAP ? 0 : SHARE * cost;
    if (more && leasedSince >= BACKLOG && ends.first() > nowMillis) {
      pause = Math.max(WHILE_BACKLOG, pause);
    }
    if (pause > 0 && fullUnderWay > 0) {
      return pause; // one at a time
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
    Position last = leased.stream().map(Row::position).max(Position::compareTo).orElse(mark);
    if (!leased.isEmpty() && (look.isFull() || last.compareTo(mark) > 0)) {
      mark = last;
    }
    if (last.compareTo(furthest) > 0) {
      furthest = last;
    }
    saw(look);
    over(look, leased.size());
    leasedSince += leased.size();
    for (Row row : leased) {
      lasts(look.nowMillis(), row.entry().leased().until().toEpochMilli());
    }
  }

  /**
   * Says until when a lease of this process lasts.
   *
   * @param nowMillis the store's time
   * @param end in milliseconds since 1970
   */
  synchronized void lasts(long nowMillis, long end) {
    ends.add(nowMillis, end);
  }

  /**
   * Ends a look that leased nothing.
   *
   * @param first the due time of the first that can be leased; {@link Long#MAX_VALUE} for none
   */
  synchronized void seen(Look look, long first) {
    more = false;
    saw(look);
    over(look, 0);
    if (!look.from().equals(mark)) {
      lower(new Position(first, 0));
    }
  }

  /** Ends a look that failed, after what may be the time limit of a call. */
  synchronized void failed(Look look) {
    over(look, 0);
  }

  private void saw(Look look) {
    if (look.isFull()) {
      ends.seen(look.nowMillis());
    }
  }

  private void over(Look look, int leased) {
    if (look.isFull()) {
      fullUnderWay--;
      looked = true;
      lookedAt = System.nanoTime();
      leasedSince = 0;
      costs.remove();
      costs.add(Math.max(0, lookedAt - look.begun() - leased * A_MESSAGE));
    }
    lower(lowered);
    lower(told);
    underWay--;
    if (underWay == 0) {
      lowered = Position.END;
      told = Long.MAX_VALUE;
    }
  }

  /** The furthest position that this process has leased. */
  synchronized Position furthest() {
    return furthest;
  }

  /**
   * Says that something due at a time, in milliseconds since 1970, was put and can be leased.
   *
   * @param before the furthest position leased before that: what is put stands behind it
   */
  synchronized void put(long due, Position before) {
    lower(due == before.due() ? before : new Position(due, 0));
  }

  private void lower(Position position) {
    if (underWay > 0 && position.compareTo(lowered) < 0) {
      lowered = position;
    }
    if (position.compareTo(mark) < 0) {
      mark = position;
    }
  }

  /**
   * Says that something due at a time, in milliseconds since 1970, can be leased. It is taken to
   * stand behind what was leased of the same due time.
   */
  synchronized void lower(long due) {
    if (underWay > 0) {
      told = Math.min(told, due);
    }
    if (due < mark.due()) {
      mark = new Position(due, 0);
    }
  }
}
