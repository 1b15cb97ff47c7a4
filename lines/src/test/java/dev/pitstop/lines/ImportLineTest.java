package dev.pitstop.lines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportLineTest {
  private static final List<String> BODIES =
      List.of("{\"a\": 1.00}", " 1", "1\n", "{\n}", "", "\uFEFF1", "nope", "\"\\ud800\"", "[1, 2]");

  private static final List<State> STATES = List.of(State.SCHEDULED, State.LEASED, State.BURIED);

  @RepeatedTest(50)
  void whatExportWritesImportReads() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    StoredMessage message = randomMessage(random);

    StoredMessage read = ImportLine.parse(StoredMessages.export(message).bytes());

    assertThat(read)
        .as("seed %d", seed)
        .usingRecursiveComparison()
        .ignoringFields("state", "leasedUntil")
        .isEqualTo(message);
    assertThat(read.state())
        .isEqualTo(message.state() == State.LEASED ? State.SCHEDULED : message.state());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\":\"x\",\"body\":1} | due must be given",
        "{\"due\":\"2026-01-01T00:00:00Z\",\"body\":1} | id must be given",
        "{\"id\":\"x\",\"due\":\"2026-01-01T00:00:00Z\"} | either body or bodyBase64 must be given",
        "{\"id\":\"x\",\"due\":\"2026-01-01T00:00:00Z\",\"bodyBase64\":\"?\"}"
            + " | bodyBase64 must be base64, was ?",
        "{\"id\":\"x\",\"due\":\"2026-01-01T00:00:00Z\",\"body\":1,\"attempts\":-1}"
            + " | attempts must be a whole number of at least 0, was -1",
        "{\"id\":\"x\",\"due\":\"2026-01-01T00:00:00Z\",\"body\":1,\"attempts\":2147483648}"
            + " | attempts must be at most 2147483647, was 2147483648",
        "{\"id\":\"x\",\"due\":\"2026-01-01T00:00:00Z\",\"body\":1,\"state\":\"gone\"}"
            + " | state must be one of scheduled, leased, buried, was gone",
      })
  void theRefusalSaysWhy(String line, String reason) {
    assertThatThrownBy(() -> ImportLine.parse(line.getBytes(UTF_8))).hasMessage(reason);
  }

  private static StoredMessage randomMessage(Random random) {
    byte[] body = new byte[random.nextInt(20)];
    random.nextBytes(body);
    if (random.nextInt(3) > 0) {
      body = BODIES.get(random.nextInt(BODIES.size())).getBytes(UTF_8);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      headers.put("h" + random.nextInt(100), "\u0000 \"\uD83D\uDE00");
    }
    State state = STATES.get(random.nextInt(3));
    Instant due = Instant.ofEpochMilli(random.nextLong(253_402_300_799_999L));
    return new StoredMessage(
        "id \uD83D\uDE00\"" + random.nextInt(),
        body,
        random.nextBoolean() ? "application/json" : "text/x; y=\"z\"",
        headers,
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(Schedule.every(Duration.ofMinutes(5)).from(Instant.EPOCH).toString()),
        state,
        due,
        random.nextBoolean() ? due : due.minusMillis(random.nextInt(1000)),
        random.nextInt(5),
        random.nextInt(30),
        random.nextBoolean() ? Optional.empty() : Optional.of("no\nluck"),
        state == State.LEASED ? Optional.of(due) : Optional.empty());
  }
}
