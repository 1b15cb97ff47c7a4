package dev.pitstop.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Codec;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.State;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.wire.StoreCall;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that is cut when the server has done its work and before it has said so. */
final class LostAnswerTest {
  private static final Key KEY = new Key("q", "a");

  private final Served served = Served.on("memory:");
  private CuttingProxy proxy;
  private Store direct;
  private Store store;

  LostAnswerTest() throws IOException {
    proxy = new CuttingProxy(served.port());
    direct = served.client();
    store = new HttpStoreFactory().open(Address.parse(proxy.address()));
  }

  @BeforeEach
  void warm() {
    assertThat(store.find(KEY)).isEmpty();
  }

  @AfterEach
  void close() {
    store.close();
    proxy.close();
    served.close();
  }

  private static MessageQueue<String> queue(Pitstop pitstop) {
    return pitstop.queue("q", Codec.text());
  }

  @Test
  void S01_aPutWhoseAnswerIsLostFailsAndMayBeRepeated() {
    try (Pitstop pitstop = Pitstop.on(store, PitstopOptions.defaults())) {
      Message<String> message = Message.of("body").id("a");
      Instant later = Instant.now().plusSeconds(3600);
      proxy.cutAnswerTo(StoreCall.PUT.path());
      assertThatThrownBy(() -> queue(pitstop).store(message, later).join())
          .hasCauseInstanceOf(StoreUnavailableException.class);
      assertThat(direct.find(KEY)).as("it took effect").isPresent();

      queue(pitstop).store(message, later).join();
      assertThat(direct.stats()).singleElement().satisfies(q -> assertThat(q.scheduled()).isOne());
    }
  }

  @Test
  void T04_aSettleWhoseAnswerIsLostIsSentOnce() {
    Entry leased = leased();
    List<Settlement> ack = List.of(new Settlement.Delete(KEY, leased.leased().token()));
    proxy.cutAnswerTo(StoreCall.SETTLE.path());
    assertThatThrownBy(() -> store.settle(ack)).isInstanceOf(StoreUnavailableException.class);
    assertThat(direct.find(KEY)).as("it took effect").isEmpty();
    assertThat(store.settle(ack)).as("nothing is left to settle").containsExactly(false);
  }

  @Test
  void E05_whatWasLeasedWithoutAnAnswerComesAgainWhenTheLeaseRunsOut() throws Exception {
    put();
    BlockingQueue<Integer> attempts = new LinkedBlockingQueue<>();
    PitstopOptions options = PitstopOptions.defaults().leaseTime(Duration.ofSeconds(1));
    proxy.cutAnswerTo(StoreCall.LEASE.path());
    try (Pitstop pitstop = Pitstop.on(store, options)) {
      queue(pitstop).listen(delivery -> attempts.add(delivery.attempt()));
      proxy.awaitCut();
      assertThat(attempts.poll(60, TimeUnit.SECONDS)).isEqualTo(2);
    }
  }

  @Test
  void whatOnlyLooksIsSentAgain() {
    put();
    proxy.cutAnswerTo(StoreCall.FIND.path());
    assertThat(store.find(KEY).orElseThrow().state()).isEqualTo(State.SCHEDULED);
    proxy.awaitCut();
  }

  private void put() {
    try (Pitstop pitstop = Pitstop.on(served.client(), PitstopOptions.defaults())) {
      queue(pitstop).store(Message.of("body").id("a"), Instant.EPOCH).join();
    }
  }

  private Entry leased() {
    put();
    return store.lease("q", 1, Duration.ofHours(1)).get(0);
  }
}
