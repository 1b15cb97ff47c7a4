package dev.pitstop;

import java.time.Instant;
import java.util.Optional;

/**
 * Which messages of a queue are listed. Immutable; each method returns a changed copy.
 *
 * <p>A window of due times leaves buried messages out: they are due at no time.
 *
 * @param state only messages of this state; empty for all
 * @param dueFrom only messages due at this instant or later; empty for no lower end
 * @param dueBefore only messages due before this instant; empty for no upper end
 */
public record Filter(
    Optional<State> state, Optional<Instant> dueFrom, Optional<Instant> dueBefore) {
  /** Every message. */
  public static final Filter ALL = new Filter(Optional.empty(), Optional.empty(), Optional.empty());

  /** Messages of a state. */
  public static Filter of(State state) {
    return ALL.state(state);
  }

  /** Only messages of a state. */
  public Filter state(State state) {
    return new Filter(Optional.of(state), dueFrom, dueBefore);
  }

  /** Only messages due at an instant or later. */
  public Filter dueFrom(Instant from) {
    return new Filter(state, Optional.of(from), dueBefore);
  }

  /** Only messages due before an instant. */
  public Filter dueBefore(Instant before) {
    return new Filter(state, dueFrom, Optional.of(before));
  }

  /** Whether waiting messages may be among them. */
  public boolean scheduled() {
    return state.isEmpty() || state.get() == State.SCHEDULED;
  }

  /** Whether leased messages may be among them. */
  public boolean leased() {
    return state.isEmpty() || state.get() == State.LEASED;
  }

  /** Whether buried messages may be among them. */
  public boolean buried() {
    return (state.isEmpty() || state.get() == State.BURIED)
        && dueFrom.isEmpty()
        && dueBefore.isEmpty();
  }

  /** The first due time, in milliseconds since 1970; {@link Long#MIN_VALUE} without one. */
  public long firstMillis() {
    return dueFrom.map(Filter::ceiling).orElse(Long.MIN_VALUE);
  }

  /** The due time before which it ends, in milliseconds; {@link Long#MAX_VALUE} without one. */
  public long endMillis() {
    return dueBefore.map(Filter::ceiling).orElse(Long.MAX_VALUE);
  }

  /** The first millisecond that is not before an instant; due times are whole milliseconds. */
  private static long ceiling(Instant instant) {
    try {
      long floor = instant.toEpochMilli();
      return Instant.ofEpochMilli(floor).equals(instant) ? floor : Math.addExact(floor, 1);
    } catch (ArithmeticException e) {
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
