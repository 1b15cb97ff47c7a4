package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.IfPresent;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.servers.PrivateServer;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that stood still goes on with what was sent to it, though nobody awaits it any more. */
final class StandstillTest {
  private static final int MESSAGES = 40;
  private static final int CALLS = 4;
  private static final Duration LEASE = Duration.ofMinutes(15);

  private static Put put(int number) {
    Payload payload = new Payload(new byte[20], "text/plain", Map.of());
    Entry entry =
        Entry.scheduled(
            new Key("q", "m" + number), payload, null, Progress.starting(Instant.EPOCH));
    return new Put(entry, IfPresent.REPLACE, false);
  }

  /** Leases for a caller who has given up by the time that the server goes on. */
  private static void leaseInVain(Store store) {
    try {
      assertThat(store.lease("q", MESSAGES, LEASE)).as("of a server that stands still").isNull();
    } catch (StoreUnavailableException e) {
      assertThat(e).hasMessageContaining("127.0.0.1");
    }
  }

  private static void passes(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @ParameterizedTest
  @EnumSource
  void F02_messagesComeAtOnceWhenAServerGoesOnThatStoodStill(Kind kind) {
    try (PrivateServer server = kind.start(Map.of());
        Store store =
            new SqlStoreFactory()
                .open(Address.parse(server.address(Kind.DATABASE) + "?timeout=1s"))) {
      store.put(IntStream.range(0, MESSAGES).mapToObj(StandstillTest::put).toList());
      List<CompletableFuture<Void>> looks = // so that connections are fresh, and used untried
          IntStream.range(0, CALLS)
              .mapToObj(i -> CompletableFuture.runAsync(() -> store.untilNextDue("q")))
              .toList();
      looks.forEach(CompletableFuture::join);
      server.pause();
      List<CompletableFuture<Void>> leases =
          IntStream.range(0, CALLS)
              .mapToObj(i -> CompletableFuture.runAsync(() -> leaseInVain(store)))
              .toList();
      leases.forEach(CompletableFuture::join);
      passes(2 * Looks.MOST_CLOCK_ERROR); // what is sent may still be carried out for so long
      server.resume();

      Set<String> leased = new HashSet<>();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (leased.size() < MESSAGES) {
        assertThat(System.nanoTime() - deadline).as("nanos past 60 s, %s", leased).isNegative();
        try {
          store.lease("q", MESSAGES, LEASE).forEach(entry -> leased.add(entry.key().id()));
        } catch (StoreUnavailableException e) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50)); // it goes on in a moment
        }
      }
    }
  }
}
