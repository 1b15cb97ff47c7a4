package dev.pitstop.bench;

import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import java.io.IOException;

/** Two embedded stores: one open in this process, one by a server. Used by one thread. */
final class Sides implements AutoCloseable {
  private final Pitstop pitstop;
  private final ServerProcess server;
  private final ServerLoad load;
  private double cpuMicros;

  /** Both empty; the server's configuration is YAML. */
  Sides(Scratch scratch, String configuration) throws IOException {
    pitstop = Pitstop.open("rocksdb:" + scratch.directory("own"));
    server = ServerProcess.start(scratch.directory("served"), configuration);
    load = new ServerLoad(server.port());
  }

  /** The queue of this process. */
  MessageQueue<byte[]> queue() {
    return pitstop.queue("bench");
  }

  /** What the server is asked. */
  ServerLoad load() {
    return load;
  }

  /** Has the server do so many things, and notes what it takes of the processors. */
  double withCpu(int count, Rounds.Measured work) throws Exception {
    double before = server.cpuSeconds();
    double rate = work.once();
    cpuMicros = 1e6 * (server.cpuSeconds() - before) / count;
    return rate;
  }

  /** What one of them took the last time. */
  double cpuMicros() {
    return cpuMicros;
  }

  @Override
  public void close() {
    try (server) {
      pitstop.close();
    }
  }
}
