package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Effects in the application's own table, by a process that is killed again and again. */
final class ExactlyOnceTest {
  private static final int MESSAGES = 2_000;
  private static final int FEWEST_KILLS = 4;

  /** What a killed process had leased comes again after this. */
  private static final String LEASE_TIME = "leaseTime=1s";

  private static final Duration WITHIN = Duration.ofSeconds(60);

  @ParameterizedTest
  @EnumSource
  void X02_eachEffectHappensOnceThoughTheProcessIsKilledAgainAndAgain(Kind kind) throws Exception {
    String address = kind.fresh();
    long seed = System.nanoTime();
    System.out.println("seed of the kills on " + kind + ": " + seed);
    Random random = new Random(seed);
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = Kind.connect(address)) {
      // a second row would be taken without a word
      Kind.execute(connection, "create table effect (id varchar(20), attempt int)");
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      storeAll(queue);
      int kills = 0;
      while (!isEmpty(queue)) {
        try (EffectProcess process = EffectProcess.start(address + "?" + LEASE_TIME, "q")) {
          long last = effects(connection) + 20 + random.nextInt(MESSAGES / 7);
          Awaiting.await(
              "effects up to " + last,
              WITHIN,
              () -> effects(connection) >= last || isEmpty(queue) || !process.isAlive());
          assertThat(process.isAlive()).as("whether the process ran until it was killed").isTrue();
        }
        kills++;
      }
      assertThat(kills).isGreaterThanOrEqualTo(FEWEST_KILLS);
      assertThat(effects(connection)).as("rows").isEqualTo(MESSAGES);
      assertThat(Kind.number(connection, "select count(distinct id) from effect"))
          .as("messages that have a row")
          .isEqualTo(MESSAGES);
      assertThat(Kind.number(connection, "select count(*) from effect where attempt > 1"))
          .as("rows of messages that a killed process had leased")
          .isPositive();
    }
  }

  private static void storeAll(MessageQueue<String> queue) {
    List<Deferral<String>> all = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      all.add(Deferral.of(Message.of("body").id("m" + i), Schedule.at(Instant.EPOCH)));
    }
    queue.storeAll(all).join().forEach(result -> result.orThrow());
  }

  private static long effects(Connection connection) throws Exception {
    return Kind.number(connection, "select count(*) from effect");
  }

  private static boolean isEmpty(MessageQueue<String> queue) {
    QueueStats stats = queue.stats().join();
    return stats.scheduled() + stats.leased() == 0;
  }
}
