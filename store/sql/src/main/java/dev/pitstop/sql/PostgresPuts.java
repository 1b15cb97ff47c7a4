package dev.pitstop.sql;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts messages into PostgreSQL. Thread-safe. */
final class PostgresPuts {
  /*
   * All entries of a batch go in as arrays. A batch takes one number of the sequence; seq and token of
   * an entry are made from it: 45 bits of the number, 10 of the entry's place, 8 for the leases to come.
   */
  private static final String INSERT =
      """
      insert into pitstop_message as m (due, seq, scheduled_for, token, missed, attempts, queue, id,
        content_type, headers, schedule, last_error, body)
      select t.due, n.base + (t.place::bigint << 8),
        t.scheduled_for, n.base + (t.place::bigint << 8), t.missed, t.attempts, t.queue, t.id,
        t.content_type, t.headers, t.schedule, t.last_error, t.body
      from (select nextval('pitstop_number') << 18 as base) n,
        unnest(?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[], ?::text[],
          ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
        t(place, due, scheduled_for, missed, attempts, queue, id, content_type, headers, schedule,
          last_error, body)
      """;

  private static final String IN_PLACE =
      """
      on conflict (queue, id) do update set
        was = case when m.due is null then 2 when m.leased_until > 0 then 1 else 0 end,
        due = excluded.due, seq = excluded.seq, scheduled_for = excluded.scheduled_for,
        leased_until = 0, token = excluded.token, missed = excluded.missed,
        attempts = excluded.attempts, content_type = excluded.content_type,
        headers = excluded.headers, schedule = excluded.schedule,
        last_error = excluded.last_error, body = excluded.body
      """;

  private static final String COUNTING =
      """
      with p as (%s returning queue, due is null as aside, was, (seq >> 8) & 1023 as place),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue,
          count(*) filter (where not aside) - count(*) filter (where was = 0),
          - count(*) filter (where was = 1),
          count(*) filter (where aside) - count(*) filter (where was = 2)
        from p group by queue)
      select place, was from p""";

  /* What is new for certain needs no answer: it is known how the counts change. */
  private static final String INSERT_COUNTED =
      """
      with c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, scheduled, 0, buried
        from unnest(?::text[], ?::bigint[], ?::bigint[]) n(queue, scheduled, buried))
      """;

  private final PostgresStatement insert;
  private final PostgresStatement replace;
  private final PostgresStatement keep;

  PostgresPuts(Tables tables) {
    insert = new PostgresStatement(tables, INSERT_COUNTED + INSERT);
    replace = new PostgresStatement(tables, COUNTING.formatted(INSERT + IN_PLACE));
    keep =
        new PostgresStatement(
            tables, COUNTING.formatted(INSERT + "on conflict (queue, id) do nothing"));
  }

  List<PutResult> put(Work work, Batch<Put> batch, Dialect.PutKind kind, @Nullable String wake)
      throws SQLException {
    if (kind == Dialect.PutKind.INSERT) {
      insert.update(work, prepared -> bindCounted(prepared, batch), wake);
      return Collections.nCopies(batch.size(), PutResult.CREATED);
    }
    PostgresStatement statement = kind == Dialect.PutKind.REPLACE ? replace : keep;
    PutResult[] results = new PutResult[batch.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = Puts.there(batch.items().get(i).ifPresent());
    }
    int[] byRank = batch.byRank();
    return statement.run(
        work,
        prepared -> bind(PostgresArrays.of(prepared, batch)),
        result -> {
          while (result.next()) {
            if (isNew(result)) {
              results[byRank[result.getInt(1)]] = PutResult.CREATED;
            }
          }
          return List.of(results);
        },
        wake);
  }

  private static boolean isNew(ResultSet result) throws SQLException {
    result.getInt(2);
    return result.wasNull();
  }

  private static int bindCounted(PreparedStatement statement, Batch<Put> batch)
      throws SQLException {
    Map<String, Counts> counts = new TreeMap<>();
    for (Put put : batch.items()) {
      Entry entry = put.entry();
      counts.computeIfAbsent(entry.key().queue(), queue -> new Counts()).add(entry.state(), 1);
    }
    PostgresArrays<Map.Entry<String, Counts>> queues =
        new PostgresArrays<>(statement, List.copyOf(counts.entrySet()));
    queues.add("text", Map.Entry::getKey);
    queues.add("bigint", count -> count.getValue().scheduled());
    queues.add("bigint", count -> count.getValue().buried());
    return bind(queues.ranked(batch));
  }

  private static int bind(PostgresArrays<Put> puts) throws SQLException {
    PostgresArrays<Entry> entries = puts.map(Put::entry);
    entries.add("bigint", PostgresPuts::due);
    entries.add("bigint", e -> e.progress().scheduledFor().toEpochMilli());
    entries.add("bigint", e -> e.progress().missed());
    entries.add("integer", e -> e.progress().attempts());
    entries.add("text", e -> e.key().queue());
    entries.add("text", e -> e.key().id());
    entries.add("text", e -> e.payload().contentType());
    entries.add("text", e -> HeaderText.write(e.payload().headers()));
    entries.add("text", e -> Escapes.escape(e.schedule()));
    entries.add("text", e -> Escapes.escape(e.progress().lastError()));
    entries.add("bytea", e -> e.payload().body());
    return entries.last();
  }

  private static @Nullable Long due(Entry entry) {
    return entry.state() == State.BURIED ? null : entry.dueMillis();
  }
}
