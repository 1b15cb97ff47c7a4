package dev.pitstop.sql;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts messages into MariaDB and MySQL. Thread-safe. */
final class MySqlPuts {
  private static final String INSERT =
      """
      insert into pitstop_message (queue, id, due, seq, scheduled_for, token, missed, attempts,
        content_type, headers, schedule, last_error, body) values\s""";

  private static final String VALUES = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /* Assignments see what those before them have assigned. */
  private static final String REPLACE =
      """
       on duplicate key update
        was = case when due is null then 2 when leased_until > 0 then 1 else 0 end,
        due = values(due), seq = values(seq), scheduled_for = values(scheduled_for),
        leased_until = 0, token = values(token), missed = values(missed),
        attempts = values(attempts), content_type = values(content_type),
        headers = values(headers), schedule = values(schedule),
        last_error = values(last_error), body = values(body)""";

  private static final String KEEP = " on duplicate key update attempts = attempts";

  private final Tables tables;
  private final boolean returns;
  private final MySqlNumbers numbers;
  private final MySqlCounts counts;

  MySqlPuts(Tables tables, MySql.Kind kind, MySqlNumbers numbers, MySqlCounts counts) {
    this.tables = tables;
    this.returns = kind == MySql.Kind.MARIADB;
    this.numbers = numbers;
    this.counts = counts;
  }

  /** Puts entries of one queue; results in the order of the batch. */
  List<PutResult> put(Work work, Batch<Put> batch, Dialect.PutKind kind) throws SQLException {
    long write = numbers.next(work);
    int[] ranks = batch.ranks();
    String queue = batch.items().get(0).entry().key().queue();
    String sql =
        INSERT
            + String.join(", ", Collections.nCopies(batch.size(), VALUES))
            + switch (kind) {
              case INSERT -> "";
              case REPLACE -> REPLACE;
              case KEEP -> KEEP;
            };
    Counts change = new Counts();
    PutResult[] results = new PutResult[batch.size()];
    Map<String, Was> was = put(work, batch, kind, ranks, write, sql);
    for (int i = 0; i < results.length; i++) {
      Put put = batch.items().get(i);
      Was before = was.get(put.entry().key().id());
      boolean written = before == null || before.seq() == MySqlNumbers.of(write, ranks[i]);
      boolean created = before == null || (written && before.state() == null);
      results[i] = created ? PutResult.CREATED : Puts.there(put.ifPresent());
      if (written) {
        change.add(put.entry().state(), 1);
      }
      if (written && before != null && before.state() != null) {
        change.add(before.state(), -1);
      }
    }
    counts.add(work, queue, change);
    return List.of(results);
  }

  /**
   * What a row had before it was put.
   *
   * @param seq the one it has now
   * @param state null when it was not there
   */
  private record Was(long seq, @Nullable State state) {}

  /** Puts, and says of rows that may have been there what they were; nothing of certain ones. */
  private Map<String, Was> put(
      Work work, Batch<Put> batch, Dialect.PutKind kind, int[] ranks, long write, String sql)
      throws SQLException {
    boolean returning = kind != Dialect.PutKind.INSERT && returns;
    MySqlStatement insert =
        new MySqlStatement(work, tables.in(returning ? sql + " returning id, seq, was" : sql));
    for (int i = 0; i < batch.size(); i++) {
      add(insert, batch.items().get(i).entry(), MySqlNumbers.of(write, ranks[i]));
    }
    Map<String, Was> rows = new HashMap<>();
    MySqlStatement.Reader<Was> reader =
        result -> {
          String id = MySqlStatement.text(result.getBytes(1));
          long seq = result.getLong(2);
          int state = result.getInt(3);
          Was was = new Was(seq, result.wasNull() ? null : Counts.state(state));
          rows.put(id, was);
          return was;
        };
    if (returning) {
      insert.rows(reader);
    } else {
      insert.update();
    }
    if (kind != Dialect.PutKind.INSERT && !returns) {
      List<String> ids = batch.items().stream().map(put -> put.entry().key().id()).toList();
      new MySqlStatement(
              work,
              tables.in(
                  "select id, seq, was from pitstop_message where queue = ? and id in "
                      + MySqlStatement.list(ids.size())))
          .with(MySqlStatement.bytes(batch.items().get(0).entry().key().queue()))
          .withIds(ids)
          .rows(reader);
    }
    return rows;
  }

  private static void add(MySqlStatement insert, Entry entry, long number) {
    Progress progress = entry.progress();
    insert
        .with(MySqlStatement.bytes(entry.key().queue()))
        .with(MySqlStatement.bytes(entry.key().id()))
        .with(entry.state() == State.BURIED ? null : entry.dueMillis())
        .with(number)
        .with(progress.scheduledFor().toEpochMilli())
        .with(number)
        .with(progress.missed())
        .with(progress.attempts())
        .with(entry.payload().contentType())
        .with(HeaderText.write(entry.payload().headers()))
        .with(Escapes.escape(entry.schedule()))
        .with(Escapes.escape(progress.lastError()))
        .with(entry.payload().body());
  }
}
