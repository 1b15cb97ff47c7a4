package dev.pitstop.spi;

/** What some stores can do and others cannot; the conformance kit and the docs ask for these. */
public enum Capability {
  /** What was put is there after the process was killed and the store opened again. */
  SURVIVES_KILL,
  /** Several processes may work on the same data at once. */
  SHARED,
  /** The store takes the machine's time from an {@code InstantSource}, which a test can move. */
  SETTABLE_CLOCK
}
