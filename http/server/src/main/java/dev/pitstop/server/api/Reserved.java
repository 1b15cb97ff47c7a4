package dev.pitstop.server.api;

import dev.pitstop.server.http.Problem;

/** The queues that servers keep for themselves, as to know of one another. */
public final class Reserved {
  /** What their names begin with. */
  public static final String PREFIX = "_pitstop.";

  private Reserved() {}

  /** Whether a queue is one of them. */
  public static boolean is(String queue) {
    return queue.startsWith(PREFIX);
  }

  /**
   * Lets other queues pass.
   *
   * @throws Problem when a queue is reserved
   */
  public static void refuse(String queue) {
    if (is(queue)) {
      throw Problem.of(
              Problem.Kind.FORBIDDEN, "queues that begin with " + PREFIX + " are the servers' own")
          .with("queue", queue);
    }
  }
}
