package dev.pitstop.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pitstop.CodecException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class JsonCodecTest {
  record Order(String customer, int cents, Instant at, Duration lasts) {}

  record Amount(int cents) {
    Amount {
      if (cents < 0) {
        throw new IllegalArgumentException("cents must be at least 0");
      }
    }
  }

  @SuppressWarnings("UnusedVariable") // read by reflection
  static final class Loop {
    @Nullable Loop self;

    public @Nullable Loop getSelf() {
      return self;
    }
  }

  private static final Order ORDER =
      new Order(
          "Zoë \uD83D\uDE00", 1250, Instant.parse("2026-01-01T00:00:00.5Z"), Duration.ofMinutes(5));

  private final JsonCodec<Order> codec = JsonCodec.of(Order.class);

  @Test
  void aBodyComesBackAsItWas() {
    byte[] bytes = codec.encode(ORDER);

    assertThat(new String(bytes, UTF_8))
        .isEqualTo(
            "{\"customer\":\"Zoë \uD83D\uDE00\",\"cents\":1250,"
                + "\"at\":\"2026-01-01T00:00:00.500Z\",\"lasts\":\"PT5M\"}");
    assertThat(codec.decode(bytes, codec.contentType())).isEqualTo(ORDER);
    assertThat(codec.contentType()).isEqualTo("application/json");
  }

  @Test
  void genericTypesAreReadAsWhatTheyHold() {
    var orders = JsonCodec.of(new TypeReference<List<Order>>() {});
    assertThat(orders.decode(orders.encode(List.of(ORDER)), "application/json"))
        .containsExactly(ORDER);

    JsonCodec<List<Order>> built =
        JsonCodec.of(
            JsonMapper.shared().getTypeFactory().constructCollectionType(List.class, Order.class));
    assertThat(built.decode(built.encode(List.of(ORDER)), "application/json"))
        .containsExactly(ORDER);
  }

  @Test
  void theUsersOwnMapperIsUsed() {
    JsonMapper mapper =
        JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
            .build();
    assertThat(new String(JsonCodec.of(Amount.class, mapper).encode(new Amount(5)), UTF_8))
        .isEqualTo("{\"Cents\":5}");
  }

  @Test
  void fieldsThatTheTypeLostArePassedOver() {
    assertThat(
            JsonCodec.of(Amount.class)
                .decode("{\"cents\":5,\"vat\":1}".getBytes(UTF_8), "application/json"))
        .isEqualTo(new Amount(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"cents\": secret}",
        "{\"cents\": \"secret\"}",
        "{\"customer\": \"secret\", \"at\": \"secret\"}",
        "[\"secret\"]",
        "{} secret",
      })
  void S08_whatCannotBeReadIsRefusedWithoutQuotingTheBody(String body) {
    CodecException refused = refusal(codec, body);

    assertThat(refused).hasMessageMatching(".*JsonCodecTest\\$Order at line 1, column \\d+");
    StringWriter trace = new StringWriter();
    refused.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("secret");
  }

  @Test
  void theErrorSaysWhere() {
    assertThat(refusal(codec, "{\n  \"cents\": x\n}")).hasMessageContaining("at line 2, column 12");
  }

  @Test
  void nullIsNoBody() {
    assertThat(refusal(codec, "null")).hasMessageContaining("body is null");
  }

  @Test
  void whatTheTypeItselfThrewIsTheCause() {
    assertThat(refusal(JsonCodec.of(Amount.class), "{\"cents\":-1}"))
        .hasRootCauseMessage("cents must be at least 0");
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    Loop loop = new Loop();
    loop.self = loop;
    assertThat(
            catchThrowableOfType(CodecException.class, () -> JsonCodec.of(Loop.class).encode(loop)))
        .hasMessageContaining("cannot be written as JSON");
  }

  private static <T> CodecException refusal(JsonCodec<T> codec, String body) {
    return catchThrowableOfType(
        CodecException.class, () -> codec.decode(body.getBytes(UTF_8), "application/json"));
  }
}
