package dev.pitstop.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Codec;
import dev.pitstop.Filter;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that somebody has changed by hand, so that nothing can be made of them. */
final class UnreadableTest {
  private static final Duration WITHIN = Duration.ofSeconds(30);

  /** What is no JSON object of texts. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "none of JSON", "name: value",
          "cut off", "{\"name\":\"val",
          "array", "[\"name\"]",
          "number", "{\"name\":1}",
          "nested", "{\"name\":{\"name\":\"value\"}}",
          "null", "{\"name\":null}",
          "more behind", "{\"name\":\"value\"} more",
          "empty", "");

  @ParameterizedTest
  @EnumSource
  void F03_unreadableRowIsBuriedWithTheReasonAndTheOthersAreEmitted(Kind kind) throws Exception {
    String address = kind.fresh();
    BlockingQueue<String> emitted = new LinkedBlockingQueue<>();
    try (Pitstop pitstop = Pitstop.open(address);
        Connection connection = Kind.connect(address)) {
      MessageQueue<String> queue = pitstop.queue("q", Codec.text());
      queue.store(message("first"), Instant.EPOCH).join();
      for (String id : HEADERS.keySet()) {
        queue.store(message(id), Instant.EPOCH).join();
      }
      queue.store(message("no schedule"), Instant.EPOCH).join();
      queue.store(message("last"), Instant.EPOCH).join();
      for (Map.Entry<String, String> broken : HEADERS.entrySet()) {
        set(connection, "headers", broken.getValue(), broken.getKey());
      }
      set(connection, "schedule", "never ever", "no schedule");
      assertThat(queue.find("nested").join()).as("visible before it is emitted").isPresent();
      assertThat(list(queue, State.SCHEDULED)).hasSize(HEADERS.size() + 3);
      queue.listen(delivery -> emitted.add(delivery.id() + delivery.headers()));
      assertThat(List.of(next(emitted), next(emitted)))
          .containsExactlyInAnyOrder("first{name=value}", "last{name=value}");
      Awaiting.await(
          "all of the broken ones are buried",
          WITHIN,
          () -> queue.stats().join().buried() == HEADERS.size() + 1);
      List<StoredMessage> buried = list(queue, State.BURIED);
      assertThat(buried)
          .filteredOn(message -> !message.id().equals("no schedule"))
          .hasSize(HEADERS.size())
          .allSatisfy(
              message -> {
                assertThat(message.lastError().orElseThrow()).startsWith("headers cannot be read");
                assertThat(message.attempts()).isZero();
                assertThat(message.body()).isEqualTo("body".getBytes(StandardCharsets.UTF_8));
              });
      Awaiting.await("all are acked", WITHIN, () -> queue.stats().join().leased() == 0);
      assertThat(queue.stats().join().scheduled()).isZero();
      assertThat(emitted).isEmpty();
      mended(queue, connection, emitted);
    }
  }

  /** A row that is put right and requeued is a message as any other. */
  private static void mended(
      MessageQueue<String> queue, Connection connection, BlockingQueue<String> emitted)
      throws Exception {
    set(connection, "headers", "{\"name\":\"mended\"}", "cut off");
    assertThat(queue.requeue("cut off").join()).isTrue();
    assertThat(next(emitted)).isEqualTo("cut off{name=mended}");
  }

  private static Message<String> message(String id) {
    return Message.of("body").id(id).header("name", "value");
  }

  private static void set(Connection connection, String column, String value, String id)
      throws Exception {
    try (PreparedStatement update =
        connection.prepareStatement("update pitstop_message set " + column + " = ? where id = ?")) {
      update.setString(1, value);
      update.setString(2, id);
      assertThat(update.executeUpdate()).isOne();
    }
  }

  private static List<StoredMessage> list(MessageQueue<String> queue, State state) {
    List<StoredMessage> all = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      var page = queue.list(Filter.of(state), from, 5).join();
      all.addAll(page.items());
      from = page.next();
    } while (from.isPresent());
    return all;
  }

  private static String next(BlockingQueue<String> emitted) throws InterruptedException {
    String next = emitted.poll(30, TimeUnit.SECONDS);
    assertThat(next).as("an emission within 30 s").isNotNull();
    return next;
  }
}
