package dev.pitstop.cli;

/**
 * How many emissions may be asked for, so that their bodies fit into memory: as many as allowed
 * while bodies are small, fewer when they are large. Thread-safe.
 */
final class Demand {
  /*
   * Sizes are known only once bodies are here. It begins with few, then goes by the largest body seen
   * lately: what it saw fades by a 64th with each body.
   */
  private static final int FIRST = 16;
  private static final int LEAST = 4;
  private static final int ROOM = 32 << 20;
  private static final int FADING = 64;

  private final int most;
  private int asked;
  private int size = ROOM / FIRST;

  /** At most so many at once. */
  Demand(int most) {
    this.most = most;
  }

  /** How many more to ask for now. */
  synchronized int more() {
    int allowed = Math.min(most, Math.max(LEAST, ROOM / size));
    int more = Math.max(0, allowed - asked);
    asked += more;
    return more;
  }

  /** One came, with a body of so many bytes. */
  synchronized void came(int bytes) {
    size = Math.max(Math.max(bytes, 1), size - (size + FADING - 1) / FADING);
  }

  /** One is over. */
  synchronized void over() {
    asked--;
  }
}
