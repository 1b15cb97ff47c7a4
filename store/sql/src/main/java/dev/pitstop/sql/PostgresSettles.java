package dev.pitstop.sql;

import dev.pitstop.Schedule;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Settlement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Settles leases in PostgreSQL: one statement a kind. Thread-safe. */
final class PostgresSettles {
  /* A lease that was settled has leased_until = 0, so that its token settles nothing again. */
  private static final String HELD =
      """
      where m.queue = t.queue and m.id = t.id and m.token = t.token and m.leased_until > 0
      returning m.queue, t.place""";

  private static final String COUNTING =
      """
      with s as (%s),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, %s, - count(*), %s from s group by queue)
      select place from s""";

  private static final String DELETE =
      """
      delete from pitstop_message m
      using unnest(?::integer[], ?::text[], ?::text[], ?::bigint[]) t(place, queue, id, token)
      """;

  private static final String MOVE =
      """
      update pitstop_message m set was = 1, leased_until = 0, due = t.due,
        scheduled_for = t.scheduled_for, missed = t.missed, attempts = t.attempts,
        last_error = t.last_error
      from unnest(?::integer[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
          ?::bigint[], ?::integer[], ?::text[])
        t(place, queue, id, token, due, scheduled_for, missed, attempts, last_error)
      """;

  private static final String BURY =
      """
      update pitstop_message m set was = 1, leased_until = 0, due = null,
        seq = n.base + (t.place::bigint << 8), scheduled_for = t.scheduled_for, missed = t.missed,
        attempts = t.attempts, last_error = t.last_error
      from (select nextval('pitstop_number') << 18 as base) n,
        unnest(?::integer[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
          ?::bigint[], ?::integer[], ?::text[])
        t(place, queue, id, token, due, scheduled_for, missed, attempts, last_error)
      """;

  private static final String EXTEND =
      """
      update pitstop_message m set leased_until = least(%d, t.lease_time
        + floor(extract(epoch from statement_timestamp()) * 1000)::bigint)
      from unnest(?::integer[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])
        t(place, queue, id, token, lease_time)
      """;

  private final PostgresStatement delete;
  private final PostgresStatement move;
  private final PostgresStatement bury;
  private final PostgresStatement extend;

  PostgresSettles(Tables tables) {
    delete = new PostgresStatement(tables, COUNTING.formatted(DELETE + HELD, "0", "0"));
    move = new PostgresStatement(tables, COUNTING.formatted(MOVE + HELD, "count(*)", "0"));
    bury = new PostgresStatement(tables, COUNTING.formatted(BURY + HELD, "0", "count(*)"));
    extend =
        new PostgresStatement(
            tables,
            "with s as (%s) select place from s"
                .formatted(EXTEND.formatted(Schedule.LAST.toEpochMilli()) + HELD));
  }

  boolean[] settle(Work work, Batch<Settlement> batch, @Nullable String wake) throws SQLException {
    Settlement first = batch.items().get(0);
    if (first instanceof Settlement.Delete) {
      return run(delete, work, batch, PostgresArrays::last, wake);
    } else if (first instanceof Settlement.Move) {
      return run(
          move, work, batch, s -> progress(s.map(m -> ((Settlement.Move) m).progress())), wake);
    } else if (first instanceof Settlement.Bury) {
      return run(
          bury, work, batch, s -> progress(s.map(b -> ((Settlement.Bury) b).progress())), wake);
    }
    return run(extend, work, batch, PostgresSettles::leaseTime, wake);
  }

  /** Sets what a kind has besides key and token; returns the number of the last parameter. */
  private interface Rest {
    int bind(PostgresArrays<Settlement> settlements) throws SQLException;
  }

  private static int progress(PostgresArrays<Progress> progresses) throws SQLException {
    progresses.add("bigint", p -> p.due().toEpochMilli());
    progresses.add("bigint", p -> p.scheduledFor().toEpochMilli());
    progresses.add("bigint", Progress::missed);
    progresses.add("integer", Progress::attempts);
    progresses.add("text", p -> Escapes.escape(p.lastError()));
    return progresses.last();
  }

  private static int leaseTime(PostgresArrays<Settlement> extensions) throws SQLException {
    extensions.add("bigint", e -> Leases.millis(((Settlement.Extend) e).leaseTime()));
    return extensions.last();
  }

  private static boolean[] run(
      PostgresStatement statement,
      Work work,
      Batch<Settlement> batch,
      Rest rest,
      @Nullable String wake)
      throws SQLException {
    boolean[] took = new boolean[batch.size()];
    int[] byRank = batch.byRank();
    return statement.run(
        work,
        prepared -> {
          PostgresArrays<Settlement> arrays = PostgresArrays.of(prepared, batch);
          arrays.add("text", s -> s.key().queue());
          arrays.add("text", s -> s.key().id());
          arrays.add("bigint", Settlement::token);
          return rest.bind(arrays);
        },
        result -> {
          while (result.next()) {
            took[byRank[result.getInt(1)]] = true;
          }
          return took;
        },
        wake);
  }
}
