package dev.pitstop.server.http;

/** Decides who may do what. Thread-safe. */
public interface Access {
  /** Allows everything to everybody. */
  Access OPEN = call -> new Caller("anonymous", (right, queue) -> true);

  /**
   * Who calls.
   *
   * @throws Problem when that cannot be told, or the call comes from where none may come from
   */
  Caller authenticate(Call call);

  /**
   * Who calls, and what that one may do.
   *
   * @param name for logs; never a secret
   */
  record Caller(String name, Rights rights) {
    /** Whether something is allowed in a queue. */
    public boolean may(Right right, String queue) {
      return right == Right.NONE || right == Right.ANY || rights.allow(right, queue);
    }
  }

  /** Which rights someone has. */
  @FunctionalInterface
  interface Rights {
    /** Whether a right is given for a queue. */
    boolean allow(Right right, String queue);
  }
}
