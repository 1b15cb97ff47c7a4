package dev.pitstop.sql;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.IdRange;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.spi.Store;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks messages up, and does what operators ask for, as {@link Store} says of each. Thread-safe.
 */
final class Operating {
  /** So many messages are changed in one transaction. */
  private static final int STEP = 1_000;

  private final Database database;
  private final Operations operations;
  private final ServerClock clock;
  private final News news;

  Operating(Database database, ServerClock clock, News news) {
    this.database = database;
    this.operations = database.dialect().operations();
    this.clock = clock;
    this.news = news;
  }

  Optional<Entry> find(Key key) {
    return database.call(work -> operations.find(work, key));
  }

  Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    Listing listing =
        new Listing(queue, filter, from.map(Cursor::parse).orElse(Cursor.FIRST), limit);
    return database.call(work -> listing.page(operations, work));
  }

  Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return IdRange.of(prefix, from)
        .map(ids -> database.call(work -> Listing.search(operations, work, queue, ids, limit)))
        .orElse(new Page<>(List.of(), Optional.empty()));
  }

  List<Long> countDue(String queue, List<Instant> edges, int most) {
    List<Window> windows = Window.between(edges);
    return database.call(work -> operations.countDue(work, queue, windows, most));
  }

  List<QueueStats> stats() {
    return database.call(operations::stats);
  }

  boolean requeue(Key key) {
    Notice notice = now(key.queue());
    boolean requeued =
        database.call(work -> operations.requeue(work, key, notice.text(clock.millis())));
    if (requeued) {
      news.written(notice);
    }
    return requeued;
  }

  long requeueAll(String queue) {
    long all = 0;
    for (int some = STEP; some == STEP; all += some) {
      Notice notice = now(queue);
      some =
          database.call(work -> operations.requeue(work, queue, STEP, notice.text(clock.millis())));
      news.written(notice);
    }
    return all;
  }

  boolean reschedule(Key key, Instant due) {
    Notice notice = new Notice();
    notice.addAmong(key.queue(), due.toEpochMilli());
    boolean took =
        database.call(
            work ->
                operations.reschedule(
                    work, key.queue(), key.id(), due, notice.text(clock.millis())));
    if (took) {
      news.written(notice);
    }
    return took;
  }

  private Notice now(String queue) {
    Notice notice = new Notice();
    notice.add(queue, clock.millis() - Looks.MOST_CLOCK_ERROR);
    return notice;
  }

  long purge(String queue) {
    long all = 0;
    Optional<Operations.Purged> step = purge(queue, "");
    while (step.isPresent()) {
      all += step.get().removed();
      step = purge(queue, step.get().last());
    }
    news.written();
    return all;
  }

  private Optional<Operations.Purged> purge(String queue, String after) {
    return database.call(work -> operations.purge(work, queue, after, STEP));
  }
}
