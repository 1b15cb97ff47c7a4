package dev.pitstop.sql;

import dev.pitstop.spi.Wakes;
import java.util.Map;

/** Makes known in this process what can be leased, and that counts have changed. Thread-safe. */
final class News {
  private final Heads heads;
  private final Wakes wakes;
  private final Runnable written;

  /**
   * Tells nobody yet.
   *
   * @param written is told of each write, which changes counts
   */
  News(Heads heads, Wakes wakes, Runnable written) {
    this.heads = heads;
    this.wakes = wakes;
    this.written = written;
  }

  /** Makes known that counts have changed, or will when the application's transaction commits. */
  void written() {
    written.run();
  }

  /**
   * Makes known in this process that something was put.
   *
   * @param before what was leased the furthest before that
   */
  void stored(Notice notice, Map<String, Position> before) {
    written.run();
    heads.put(notice.earliest(), before);
    notice.earliest().forEach(wakes::leasableAt);
  }

  /** Makes known in this process what others hear by a notice. */
  void written(Notice notice) {
    written.run();
    notice.earliest().forEach(this::leasableAt);
  }

  /** Makes known that something of a queue can be leased at an instant. */
  void leasableAt(String queue, long dueMillis) {
    heads.of(queue).lower(dueMillis);
    wakes.leasableAt(queue, dueMillis);
  }
}
