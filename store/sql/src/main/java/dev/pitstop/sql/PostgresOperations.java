package dev.pitstop.sql;

import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.IdRange;
import dev.pitstop.spi.Key;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What operators ask for and do in PostgreSQL: one statement each. Thread-safe. */
final class PostgresOperations implements Operations {
  private static final String FIND =
      "select " + Row.COLUMNS + " from pitstop_message where queue = ? and id = ?";

  private static final String LIVE =
      "select "
          + Row.COLUMNS
          + """
           from pitstop_message
          where queue = ? and due is not null and (due, seq) > (?, ?) and due < ?%s
          order by due, seq limit ?""";

  private static final String BURIED =
      "select "
          + Row.COLUMNS
          + """
           from pitstop_message where queue = ? and due is null and seq > ?
          order by seq limit ?""";

  private static final String STATS =
      """
      select queue, scheduled, leased, buried,
        (select due from pitstop_message m
          where m.queue = c.queue and due is not null and leased_until = 0
          order by due, seq limit 1),
        paused
      from (select queue, sum(scheduled)::bigint as scheduled, sum(leased)::bigint as leased,
          sum(buried)::bigint as buried, bool_or(paused) as paused
        from (select queue, scheduled, leased, buried, false as paused from pitstop_count
          union all select queue, 0, 0, 0, true from pitstop_pause) q
        group by queue) c
      where scheduled <> 0 or leased <> 0 or buried <> 0 or paused""";

  /* A message's place among equal due times is in its token still, but for the leases counted there. */
  private static final String REQUEUE =
      """
      with r as (update pitstop_message set was = 2, due = %s, seq = token & ~255::bigint,
          missed = 0, attempts = 0
        where %s returning queue),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, count(*), 0, - count(*) from r group by queue)
      select count(*) from r""";

  private static final String PURGE =
      """
      with s as (select ctid, id from pitstop_message
        where queue = ? and id > ? order by id limit ? for update),
      r as (delete from pitstop_message where ctid = any(array(select ctid from s))
        returning queue, due is null as aside, leased_until > 0 as leased),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, - count(*) filter (where not aside and not leased),
          - count(*) filter (where not aside and leased), - count(*) filter (where aside)
        from r group by queue)
      select (select max(id) from s), (select count(*) from r)""";

  private static final String SEARCH =
      "select "
          + Row.COLUMNS
          + """
           from pitstop_message where queue = ? and id >= ? and id > ?%s
          order by id limit ?""";

  /* Each window is a range of the index, read no further than its limit. */
  private static final String COUNT_DUE =
      """
      select w.place, c.due
      from unnest(?::integer[], ?::bigint[], ?::bigint[]) w(place, first, behind),
        lateral (select count(*) as due from (select from pitstop_message
          where queue = ? and due is not null and due >= w.first and due < w.behind
          limit ?) d) c""";

  /*
   * A lease that has run out is ended by it, so that its token settles nothing. The place of what was
   * buried is in its token still, as for requeuing.
   */
  private static final String RESCHEDULE =
      """
      with r as (
        update pitstop_message set
          was = case when due is null then 2 when leased_until > 0 then 1 else 0 end,
          seq = case when due is null then token & ~255::bigint else seq end,
          due = ?, scheduled_for = case when schedule is null then ? else scheduled_for end,
          leased_until = 0, attempts = 0, last_error = null
        where queue = ? and id = ? and (due is null
          or leased_until <= floor(extract(epoch from statement_timestamp()) * 1000)::bigint)
        returning queue, was),
      c as (insert into pitstop_count (queue, scheduled, leased, buried)
        select queue, 1, case was when 1 then -1 else 0 end, case was when 2 then -1 else 0 end
        from r where was > 0)
      select count(*) from r""";

  private static final String PAUSE =
      """
      with p as (insert into pitstop_pause (queue) values (?) on conflict do nothing
        returning 1)
      select count(*) from p""";

  private static final String RESUME =
      """
      with p as (delete from pitstop_pause where queue = ? returning 1)
      select count(*) from p""";

  private static final String PAUSED = "select queue from pitstop_pause";

  private final PostgresStatement find;
  private final PostgresStatement live;
  private final PostgresStatement scheduled;
  private final PostgresStatement leased;
  private final PostgresStatement buried;
  private final PostgresStatement stats;
  private final PostgresStatement requeue;
  private final PostgresStatement requeueSome;
  private final PostgresStatement purge;
  private final PostgresStatement search;
  private final PostgresStatement searchOn;
  private final PostgresStatement countDue;
  private final PostgresStatement reschedule;
  private final PostgresStatement pause;
  private final PostgresStatement resume;
  private final PostgresStatement paused;

  PostgresOperations(Tables tables) {
    find = new PostgresStatement(tables, FIND);
    live = new PostgresStatement(tables, LIVE.formatted(""));
    scheduled = new PostgresStatement(tables, LIVE.formatted(" and leased_until = 0"));
    leased = new PostgresStatement(tables, LIVE.formatted(" and leased_until > 0"));
    buried = new PostgresStatement(tables, BURIED);
    stats = new PostgresStatement(tables, STATS);
    requeue =
        new PostgresStatement(
            tables, REQUEUE.formatted(Postgres.NOW, "queue = ? and id = ? and due is null"));
    requeueSome =
        new PostgresStatement(
            tables,
            REQUEUE.formatted(
                Postgres.NOW,
                """
                ctid = any(array(select ctid from pitstop_message
                  where queue = ? and due is null order by seq limit ? for update))"""));
    purge = new PostgresStatement(tables, PURGE);
    search = new PostgresStatement(tables, SEARCH.formatted(" and id < ?"));
    searchOn = new PostgresStatement(tables, SEARCH.formatted(""));
    countDue = new PostgresStatement(tables, COUNT_DUE);
    reschedule = new PostgresStatement(tables, RESCHEDULE);
    pause = new PostgresStatement(tables, PAUSE);
    resume = new PostgresStatement(tables, RESUME);
    paused = new PostgresStatement(tables, PAUSED);
  }

  @Override
  public Optional<Entry> find(Work work, Key key) throws SQLException {
    return find
        .run(
            work,
            statement -> {
              statement.setString(1, key.queue());
              statement.setString(2, key.id());
              return 2;
            },
            Postgres::rows)
        .stream()
        .map(Row::entry)
        .findFirst();
  }

  @Override
  public List<Row> live(
      Work work, String queue, Optional<State> state, Position after, long end, int limit)
      throws SQLException {
    PostgresStatement list = state.map(of -> of == State.LEASED ? leased : scheduled).orElse(live);
    return list.run(
        work,
        statement -> {
          statement.setString(1, queue);
          Postgres.from(statement, 2, after);
          statement.setLong(4, end);
          statement.setInt(5, limit);
          return 5;
        },
        Postgres::rows);
  }

  @Override
  public List<Row> buried(Work work, String queue, Position after, int limit) throws SQLException {
    return buried.run(
        work,
        statement -> {
          statement.setString(1, queue);
          statement.setLong(2, after.seq());
          statement.setInt(3, limit);
          return 3;
        },
        Postgres::rows);
  }

  @Override
  public List<QueueStats> stats(Work work) throws SQLException {
    return stats.run(work, statement -> 0, result -> Postgres.rows(result, Counts::stats));
  }

  @Override
  public boolean requeue(Work work, Key key, @Nullable String wake) throws SQLException {
    return requeue.run(
            work,
            statement -> {
              statement.setString(1, key.queue());
              statement.setString(2, key.id());
              return 2;
            },
            Postgres::number,
            wake)
        > 0;
  }

  @Override
  public int requeue(Work work, String queue, int limit, @Nullable String wake)
      throws SQLException {
    return requeueSome
        .run(
            work,
            statement -> {
              statement.setString(1, queue);
              statement.setInt(2, limit);
              return 2;
            },
            Postgres::number,
            wake)
        .intValue();
  }

  @Override
  public Optional<Purged> purge(Work work, String queue, String after, int limit)
      throws SQLException {
    return purge.run(
        work,
        statement -> {
          statement.setString(1, queue);
          statement.setString(2, after);
          statement.setInt(3, limit);
          return 3;
        },
        result -> {
          result.next();
          String last = result.getString(1);
          return last == null ? Optional.empty() : Optional.of(new Purged(result.getInt(2), last));
        });
  }

  @Override
  public List<Row> search(Work work, String queue, IdRange ids, int limit) throws SQLException {
    return (ids.end().isPresent() ? search : searchOn)
        .run(
            work,
            statement -> {
              statement.setString(1, queue);
              statement.setString(2, ids.first());
              statement.setString(3, ids.after());
              int last = 3;
              if (ids.end().isPresent()) {
                statement.setString(++last, ids.end().get());
              }
              statement.setInt(++last, limit);
              return last;
            },
            Postgres::rows);
  }

  @Override
  public List<Long> countDue(Work work, String queue, List<Window> windows, int most)
      throws SQLException {
    Long[] counts = new Long[windows.size()];
    return countDue.run(
        work,
        statement -> {
          PostgresArrays<Window> arrays = PostgresArrays.numbered(statement, windows);
          arrays.add("bigint", Window::first);
          arrays.add("bigint", Window::end);
          statement.setString(arrays.last() + 1, queue);
          statement.setInt(arrays.last() + 2, most);
          return arrays.last() + 2;
        },
        result -> {
          while (result.next()) {
            counts[result.getInt(1)] = result.getLong(2);
          }
          return List.of(counts);
        });
  }

  @Override
  public boolean reschedule(Work work, String queue, String id, Instant due, @Nullable String wake)
      throws SQLException {
    return reschedule.run(
            work,
            statement -> {
              statement.setLong(1, due.toEpochMilli());
              statement.setLong(2, due.toEpochMilli());
              statement.setString(3, queue);
              statement.setString(4, id);
              return 4;
            },
            Postgres::number,
            wake)
        > 0;
  }

  @Override
  public boolean pause(Work work, String queue, boolean paused) throws SQLException {
    return (paused ? pause : resume)
            .run(
                work,
                statement -> {
                  statement.setString(1, queue);
                  return 1;
                },
                Postgres::number)
        > 0;
  }

  @Override
  public Set<String> paused(Work work) throws SQLException {
    return paused.run(
        work,
        statement -> 0,
        result -> {
          Set<String> queues = new HashSet<>();
          while (result.next()) {
            queues.add(result.getString(1));
          }
          return queues;
        });
  }
}
