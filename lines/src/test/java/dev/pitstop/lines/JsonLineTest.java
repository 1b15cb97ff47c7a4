package dev.pitstop.lines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineTest {
  @Test
  void fieldsStandInTheirOrderAndAreEscaped() {
    JsonLine line =
        new JsonLine()
            .text("id", "a\"\n\u001b é")
            .number("attempt", 2)
            .texts("headers", Map.of("k\"", "v\\"));

    assertThat(new String(line.bytes(), UTF_8))
        .isEqualTo(
            "{\"id\":\"a\\\"\\n\\u001B é\",\"attempt\":2,\"headers\":{\"k\\\"\":\"v\\\\\"}}");
  }

  @Test
  void aJsonBodyOfSeveralLinesStandsInOne() {
    assertThat(body("{\n \"a\": \"\\n\"\r\n}", "application/json"))
        .isEqualTo("{\"body\":{  \"a\": \"\\n\"  }}");
  }

  @Test
  void otherMediaTypesThanPlainJsonAreNamed() {
    assertThat(body("{}", "application/vnd.api+json; v=1"))
        .isEqualTo("{\"body\":{},\"contentType\":\"application/vnd.api+json; v=1\"}");
    assertThat(body("{}", "text/plain"))
        .isEqualTo("{\"bodyBase64\":\"e30=\",\"contentType\":\"text/plain\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "{} {}", "nope", "\"\u0000\"", "\uFEFF{}", "{\"a\":01}", "NaN"})
  void whatIsNoJsonStandsInBase64(String body) {
    assertThat(body(body, "application/json")).startsWith("{\"bodyBase64\":\"");
  }

  @Test
  void invalidUtf8IsNoJson() {
    byte[] bytes = {'"', (byte) 0xC3, '"'};
    assertThat(new String(new JsonLine().body(bytes, "application/json").bytes(), UTF_8))
        .startsWith("{\"bodyBase64\":\"IsMi\"");
  }

  private static String body(String body, String contentType) {
    return new String(new JsonLine().body(body.getBytes(UTF_8), contentType).bytes(), UTF_8);
  }
}
