package dev.pitstop.sql;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where the messages of a queue begin that can still be leased: its low-water mark. Thread-safe.
 *
 * <p>What was leased or settled lately lies at the head of the order of due times, and each look
 * from the start passes over it: leases in hand, and where someone holds an old snapshot every
 * message that was ever there since. So a look begins behind what this process has leased, and only
 * now and then at the start, for what the mark hides: leases that ran out, and what others have
 * committed late. Looks from the start are as frequent as they are cheap: at any time where they
 * take less than a millisecond, otherwise for a twentieth of the time at most; while a backlog is
 * taken, once a second.
 */
final class Head {
  private static final long CHEAP = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long WHILE_BACKLOG = TimeUnit.SECONDS.toNanos(1);
  private static final int SHARE = 20;

  private Position mark = Position.START;
  private long lowered = Long.MAX_VALUE; // the lowest since a look is under way
  private int underWay;
  private boolean backlog;
  private boolean looked;
  private long lookedAt;
  private long cost;

  /**
   * A look that is under way.
   *
   * @param from where it begins
   * @param begun when, by {@link System#nanoTime}
   */
  record Look(Position from, long begun) {
    boolean isFull() {
      return from == Position.START;
    }
  }

  /** Begins a look, at the start when that is due; one of the methods that end it follows. */
  synchronized Look begin() {
    long now = System.nanoTime();
    underWay++;
    return new Look(untilFull(now) == 0 ? Position.START : mark, now);
  }

  /** How many nanoseconds until a look from the start is due. */
  synchronized long untilFull() {
    return untilFull(System.nanoTime());
  }

  /** How many nanoseconds ago it was looked at from the start. */
  synchronized long unseenFor() {
    return looked ? System.nanoTime() - lookedAt : Long.MAX_VALUE;
  }

  private long untilFull(long now) {
    if (!looked) {
      return 0;
    }
    long pause = cost < CHEAP ? 0 : SHARE * cost;
    return Math.max(0, lookedAt + (backlog ? Math.max(WHILE_BACKLOG, pause) : pause) - now);
  }

  /**
   * Ends a look that leased.
   *
   * @param leased where what it has leased stands
   * @param more whether there may be more to lease
   */
  synchronized void leased(Look look, List<Position> leased, boolean more) {
    backlog = more;
    leased.stream()
        .max(Position::compareTo)
        .filter(last -> look.isFull() || last.compareTo(mark) > 0)
        .ifPresent(last -> mark = last);
    over(look, leased.isEmpty());
  }

  /**
   * Ends a look that leased nothing.
   *
   * @param first the due time of the first that can be leased; {@link Long#MAX_VALUE} for none
   */
  synchronized void seen(Look look, long first) {
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
      cost = nothingElse ? lookedAt - look.begun() : cost;
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
