package dev.pitstop.sql;

/** For how long statements of the store's own wait for what other transactions hold. */
enum Patience {
  /** Anew until the call's time is up. */
  WHOLE(1_000),

  /** As long as a transaction of the application's may well take, where others wait as well. */
  COMBINED(1_000),

  /** No longer than one of the store's own takes, while it is looked for what is held. */
  BRIEF(20);

  private final int millis;

  Patience(int millis) {
    this.millis = millis;
  }

  /** For how many milliseconds at most, in a call that may take so many. */
  int millis(int callMillis) {
    return Math.min(millis, callMillis / 2);
  }
}
