package dev.pitstop.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Pitstop;
import dev.pitstop.spi.Address;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A process of its own that listens to a queue. Its handler writes a row of the application's for
 * each delivery, {@code effect(id, attempt)}, and acks in the same transaction. It ends when its
 * input does.
 */
final class EffectProcess implements AutoCloseable {
  private static final int HANDLERS = 16;

  private final Process process;

  private EffectProcess(Process process) {
    this.process = process;
  }

  /** Starts one on the address of a store. */
  static EffectProcess start(String address, String queue) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            classPath.replace(":", File.pathSeparator),
            EffectProcess.class.getName(),
            address,
            queue);
    return new EffectProcess(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it, as kill -9 does. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** The process. */
  public static void main(String[] arguments) throws IOException {
    JdbcAddress jdbc = JdbcAddress.of(Address.parse(arguments[0]));
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(jdbc.url());
    config.setDataSourceProperties(jdbc.properties());
    config.setMaximumPoolSize(HANDLERS);
    config.setAutoCommit(false);
    try (HikariDataSource source = new HikariDataSource(config);
        Pitstop pitstop = Pitstop.open(arguments[0])) {
      pitstop
          .queue(arguments[1], Codec.text())
          .listen(
              ListenerOptions.defaults().concurrency(HANDLERS).prefetch(HANDLERS),
              delivery -> handle(delivery, source));
      while (System.in.read() >= 0) {
        // until it ends
      }
    }
  }

  private static void handle(Delivery<String> delivery, DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      try (PreparedStatement insert =
          connection.prepareStatement("insert into effect (id, attempt) values (?, ?)")) {
        insert.setString(1, delivery.id());
        insert.setInt(2, delivery.attempt());
        insert.executeUpdate();
      }
      if (delivery.unwrap(SqlDelivery.class).ack(connection)) {
        connection.commit();
      } else {
        connection.rollback();
      }
    }
  }
}
