package dev.pitstop.servers;

import java.nio.file.Path;

/**
 * A server of this JVM's own, on a port of 127.0.0.1 and a directory that nobody else uses. It ends
 * with the JVM at the latest. Thread-safe.
 */
public abstract class PrivateServer implements AutoCloseable {
  private final ServerProcess process;
  private final String scheme;

  /**
   * A server that runs.
   *
   * @param scheme of the addresses of its databases
   */
  PrivateServer(ServerProcess process, String scheme) {
    this.process = process;
    this.scheme = scheme;
  }

  /** The port of 127.0.0.1 that it listens on, the same for as long as it is open. */
  public final int port() {
    return process.port();
  }

  /** The address of a database, {@code scheme://user:password@127.0.0.1:port/database}. */
  public final String address(String database) {
    return Names.address(scheme, port(), database);
  }

  /** The JDBC address of a database, user and password included. */
  public final String jdbcUrl(String database) {
    return Names.jdbcUrl(scheme, port(), database);
  }

  /** Ends it cleanly and at once, its clients' connections too; nothing if it does not run. */
  public final void stop() {
    process.stop();
  }

  /** Kills it and all its processes as {@code kill -9} does; nothing if it does not run. */
  public final void kill() {
    process.kill();
  }

  /**
   * Starts it again on its port and data, whether it was stopped, was killed or runs.
   *
   * @throws IllegalStateException if it does not answer within 60 s
   */
  public final void restart() {
    process.restart();
  }

  /**
   * Lets all its processes stand still: connections are taken, nothing is answered.
   *
   * @throws IllegalStateException if it does not run
   */
  public final void pause() {
    process.pause();
  }

  /** Ends a pause; nothing if there is none. */
  public final void resume() {
    process.resume();
  }

  /** Kills it and deletes all it has stored. */
  @Override
  public final void close() {
    process.close();
  }

  final Path directory() {
    return process.directory();
  }
}
