package dev.pitstop.bench;

import dev.pitstop.servers.NatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The floor: NATS's client alone, with JetStream's confirms and so many messages under way. Used by
 * one thread.
 */
final class RawNats {
  private final Connection connection;

  RawNats(NatsServer server) throws IOException, InterruptedException {
    connection =
        Nats.connect(
            new Options.Builder()
                .server("nats://127.0.0.1:" + server.port())
                .userInfo("pitstop", "secret")
                .dontForceFlushOnRequest()
                .build());
  }

  /** Makes a stream of a subject of the same name, which is empty. */
  StreamInfo declare(String subject) throws IOException, JetStreamApiException {
    JetStreamManagement management = connection.jetStreamManagement();
    if (management.getStreamNames().contains(subject)) {
      management.deleteStream(subject);
    }
    return management.addStream(
        StreamConfiguration.builder().name(subject).subjects(subject).build());
  }

  /** Sends messages to a subject and waits until each is confirmed; messages a second. */
  double send(String subject, int count, int underWay) throws IOException, InterruptedException {
    JetStream stream = connection.jetStream();
    Semaphore room = new Semaphore(underWay);
    AtomicInteger failed = new AtomicInteger();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      room.acquire();
      stream
          .publishAsync(subject, Traffic.body())
          .whenComplete(
              (ack, failure) -> {
                if (failure != null) {
                  failed.incrementAndGet();
                }
                room.release();
              });
    }
    room.acquire(underWay);
    if (failed.get() > 0) {
      throw new IllegalStateException("NATS refused " + failed + " messages");
    }
    return Traffic.perSecond(count, start);
  }

  void close() throws InterruptedException {
    connection.close();
  }
}
