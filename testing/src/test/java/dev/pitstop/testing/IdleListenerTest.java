package dev.pitstop.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.memory.MemoryStore;
import dev.pitstop.testing.FaultyStore.Operation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a listener asks of its store while nothing is due. */
class IdleListenerTest {
  private static final Duration POLL = Duration.ofMillis(100);

  @Test
  void E09_anIdleListenerLooksNoMoreThanOnceAPollInterval() {
    FaultyStore store = FaultyStore.over(new MemoryStore());
    try (Pitstop pitstop = Pitstop.on(store, PitstopOptions.defaults().pollInterval(POLL))) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      for (int i = 0; i < 1_000; i++) {
        queue.store("later", Duration.ofHours(1)).join();
      }
      queue.listen(delivery -> {});
      awaitLooks(store, 1);
      long looks = store.calls(Operation.LEASE);
      long start = System.nanoTime();
      awaitLooks(store, looks + 20);
      // the interval varies by half, so that twenty looks are at least nineteen halves apart
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(POLL.dividedBy(2).multipliedBy(19));
      assertThat(store.calls(Operation.UNTIL_NEXT_DUE))
          .isLessThanOrEqualTo(store.calls(Operation.LEASE));
      assertThat(store.calls(Operation.SETTLE)).isZero();
    }
  }

  private static void awaitLooks(FaultyStore store, long count) {
    long start = System.nanoTime();
    while (store.calls(Operation.LEASE) < count) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
      Thread.onSpinWait();
    }
  }
}
