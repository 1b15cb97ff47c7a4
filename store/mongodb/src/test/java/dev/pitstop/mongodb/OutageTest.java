package dev.pitstop.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.pitstop.Codec;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that goes away and comes back with its data. */
final class OutageTest {
  private static final int MESSAGES = 600;

  private final KeptBackend backend = new KeptBackend();
  private MongoServer server = new MongoServer(backend);

  /** Keeps its data when its server is shut down, as a disk would. */
  private static final class KeptBackend extends MemoryBackend {
    @Override
    public void close() {
      // what it holds is there for the next server
    }
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("time left for: %s", what).isNegative();
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  @Test
  void F02_killedAndRestartedInTheMiddleNothingIsLost() {
    InetSocketAddress at = server.bind();
    String address = "mongodb://localhost:" + at.getPort() + "/outage?timeout=1s&leaseTime=3s";
    Set<String> stored = ConcurrentHashMap.newKeySet();
    Set<String> emitted = ConcurrentHashMap.newKeySet();
    try (Pitstop pitstop = Pitstop.open(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.listen(delivery -> emitted.add(delivery.id()));
      for (int i = 0; i < MESSAGES; i++) {
        String id = "m" + i;
        Instant due = Instant.now().plusMillis(i % 700);
        queue.store(Message.of("body").id(id), due).thenAccept(done -> stored.add(id));
        if (i == MESSAGES / 2) {
          await("some are emitted", () -> emitted.size() > MESSAGES / 8);
          server.shutdownNow();
        }
      }
      long asked = System.nanoTime();
      assertThatThrownBy(() -> queue.store("x", Instant.now()).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(Integer.toString(at.getPort()));
      assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(12));
      server = new MongoServer(backend);
      server.bind(at);
      List<String> again = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        String id = "m" + i;
        if (!stored.contains(id) && !emitted.contains(id)) {
          await("stored after the outage: " + id, () -> storedNow(queue, id));
          again.add(id);
        }
      }
      assertThat(again).as("whose storing failed").isNotEmpty();
      await("all are emitted", () -> emitted.size() >= MESSAGES);
      await(
          "all are acked",
          () -> queue.stats().join().scheduled() + queue.stats().join().leased() == 0);
    }
  }

  private static boolean storedNow(MessageQueue<String> queue, String id) {
    try {
      queue.store(Message.of("body").id(id), Instant.now()).join();
      return true;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(PitstopException.class);
      return false;
    }
  }
}
