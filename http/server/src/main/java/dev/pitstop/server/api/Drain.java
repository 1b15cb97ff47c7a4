package dev.pitstop.server.api;

import dev.pitstop.server.http.Problem;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells what waits, or goes on for ever, that the server is about to stop. Thread-safe. */
public final class Drain {
  private final Set<Runnable> told = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  /** Whether the server is about to stop. */
  public boolean hasBegun() {
    return begun;
  }

  /**
   * Refuses to begin what would go on.
   *
   * @throws Problem when the server is about to stop
   */
  public void refuse() {
    if (begun) {
      throw Problem.of(Problem.Kind.DRAINING, "the server is stopping").header("Retry-After", "1");
    }
  }

  /** Has something run, perhaps twice, when the server is about to stop; at once when it is. */
  public void tell(Runnable end) {
    told.add(end);
    if (begun) {
      end.run();
    }
  }

  /** It has come to its end and need not be told. */
  public void forget(Runnable end) {
    told.remove(end);
  }

  /** The server is about to stop. */
  public void begin() {
    begun = true;
    told.forEach(Runnable::run);
  }
}
