package dev.pitstop.sql;

import dev.pitstop.spi.ServerClock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks for what can be leased, from where its head says. Thread-safe. */
final class Looks {
  /** By how many milliseconds the server's time may be known wrong. */
  static final long MOST_CLOCK_ERROR = 100;

  private final Database database;
  private final ServerClock clock;
  private final Heads heads;

  Looks(Database database, ServerClock clock, Heads heads) {
    this.database = database;
    this.clock = clock;
    this.heads = heads;
  }

  /** Leases at most so many of a queue; they come in the order they fell due. */
  List<Row> lease(String queue, int limit, Duration leaseTime) {
    Head head = heads.of(queue);
    Head.Look look = head.begin(clock.millis());
    List<Row> rows = new ArrayList<>(lease(head, look, queue, limit, leaseTime));
    if (rows.size() < limit && !look.isFull() && head.untilFull(clock.millis()) == 0) {
      rows.addAll(lease(head, head.begin(clock.millis()), queue, limit - rows.size(), leaseTime));
    }
    rows.sort(Comparator.comparing(Row::position));
    return rows;
  }

  private List<Row> lease(Head head, Head.Look look, String queue, int limit, Duration leaseTime) {
    try {
      List<Row> rows =
          database.call(
              work -> {
                long latest = clock.millis() + database.timeoutMillis() + MOST_CLOCK_ERROR;
                return database.dialect().lease(work, queue, limit, leaseTime, look.from(), latest);
              });
      head.leased(look, rows, rows.size() == limit);
      return rows;
    } catch (RuntimeException | Error e) {
      head.failed(look);
      throw e;
    }
  }

  /** How long until something can be leased, or what the mark hides is seen. */
  Optional<Duration> untilNext(String queue) {
    Head head = heads.of(queue);
    Head.Look look = head.begin(clock.millis());
    Optional<Duration> next =
        next(head, look, queue).map(n -> Duration.of(n.in(), ChronoUnit.MICROS));
    if (look.isFull()) {
      return next;
    }
    Duration again = Duration.ofNanos(head.untilFull(clock.millis()));
    return next.filter(wait -> wait.compareTo(again) < 0).or(() -> Optional.of(again));
  }

  /** When something can be leased next, as far as the mark hides nothing. */
  Optional<Dialect.Next> next(String queue) {
    Head head = heads.of(queue);
    return next(head, head.begin(clock.millis()), queue);
  }

  private Optional<Dialect.Next> next(Head head, Head.Look look, String queue) {
    try {
      Optional<Dialect.Next> next =
          database.call(work -> database.dialect().next(work, queue, look.from()));
      head.seen(look, next.filter(n -> n.in() == 0).map(Dialect.Next::at).orElse(Long.MAX_VALUE));
      return next;
    } catch (RuntimeException | Error e) {
      head.failed(look);
      throw e;
    }
  }
}
