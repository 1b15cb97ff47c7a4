package dev.pitstop.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/**
 * db-scheduler on PostgreSQL with the settings it was fastest with. Its clients may call from many
 * threads.
 */
final class DbScheduler implements AutoCloseable {
  private static final TaskDescriptor<byte[]> MESSAGE = TaskDescriptor.of("message", byte[].class);

  private final HikariDataSource pool;
  private final OneTimeTask<byte[]> task =
      Tasks.oneTime(MESSAGE).execute((instance, context) -> {});
  private final SchedulerClient client;

  /** Works with so many connections on a database that has its table. */
  DbScheduler(String jdbcUrl, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(jdbcUrl);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(connections);
    pool = new HikariDataSource(config);
    client = SchedulerClient.Builder.create(pool, task).build();
  }

  /** Makes the table with the two indexes that it needs when priorities are not used. */
  static void createTable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create table scheduled_tasks(
            task_name text not null, task_instance text not null, task_data bytea,
            execution_time timestamptz not null, picked boolean not null, picked_by text,
            last_success timestamptz, last_failure timestamptz, consecutive_failures int,
            last_heartbeat timestamptz, version bigint not null, priority smallint,
            primary key(task_name, task_instance));
          create index on scheduled_tasks(execution_time);
          create index on scheduled_tasks(last_heartbeat)""");
    }
  }

  /** Schedules one execution and returns when it is committed. */
  void store(Instant at) {
    if (!client.scheduleIfNotExists(message(), at)) {
      throw new IllegalStateException("a random id exists already");
    }
  }

  /** Schedules many in batches. */
  void storeAll(int count, Instant at) {
    List<TaskInstance<?>> batch = new ArrayList<>(Traffic.BATCH);
    for (int i = 0; i < count; i++) {
      batch.add(message());
      if (batch.size() == Traffic.BATCH || i == count - 1) {
        client.scheduleBatch(batch, at);
        batch.clear();
      }
    }
  }

  /** Executes what is due until so many are executed and deleted; their rate a second. */
  double drain(int count) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(count);
    Scheduler scheduler =
        Scheduler.create(pool, task)
            .threads(50)
            .pollUsingLockAndFetch(1.0, 4.0)
            .pollingInterval(Duration.ofMillis(100))
            .addSchedulerListener(
                new AbstractSchedulerListener() {
                  @Override
                  public void onExecutionComplete(ExecutionComplete complete) {
                    left.countDown();
                  }
                })
            .build();
    long start = System.nanoTime();
    scheduler.start();
    try {
      left.await();
      return Traffic.perSecond(count, start);
    } finally {
      scheduler.stop();
    }
  }

  private static TaskInstance<byte[]> message() {
    return MESSAGE.instance(UUID.randomUUID().toString()).data(Traffic.body()).build();
  }

  @Override
  public void close() {
    pool.close();
  }
}
