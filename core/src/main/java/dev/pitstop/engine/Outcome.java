package dev.pitstop.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a delivery ended. */
sealed interface Outcome {
  /** Done with it. */
  record Acked() implements Outcome {}

  /** Failed; with the delay that was asked for, if one was. */
  record Nacked(String error, Optional<Duration> delay) implements Outcome {}

  /** Given back, not counted. */
  record Released() implements Outcome {}

  /** To be emitted anew at an instant. */
  record Rescheduled(Instant at) implements Outcome {}

  /** Set aside. */
  record Buried(String reason) implements Outcome {}
}
