package dev.pitstop.broker;

import java.util.concurrent.ThreadFactory;

/** Threads of adapters, which keep no process alive. */
public final class Threads {
  private Threads() {}

  /** Makes threads of a name. */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
