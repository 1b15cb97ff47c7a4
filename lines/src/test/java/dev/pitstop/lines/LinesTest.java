package dev.pitstop.lines;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Deferral;
import dev.pitstop.IfPresent;
import dev.pitstop.PitstopException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {
  @Test
  void aBodyAloneIsEmittedNow() {
    Deferral<byte[]> deferral = put("{\"body\": null}");

    assertThat(deferral.schedule()).hasToString("in PT0S");
    assertThat(deferral.message().id()).isEmpty();
    assertThat(deferral.message().contentType()).contains("application/json");
    assertThat(deferral.ifPresent()).isEqualTo(IfPresent.REPLACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.00",
        "1e400",
        "-0",
        "123456789012345678901234567890",
        "true",
        "null",
        "\"\"",
        "\"a\\u0000\\ud83d\\ude00 \uD83D\uDE00\"",
        "\"\\ud800\"",
        "{ \"b\" : 1,\t\"a\":[ ] , \"a\": 2 }",
        "[[[[]]]]"
      })
  void S08_theBodyIsKeptByteForByte(String body) {
    assertThat(put("{\"id\":\"x\", \"body\" : " + body + " ,\"headers\":{}}").message().body())
        .isEqualTo(body.getBytes(UTF_8));
    assertThat(put("{\"body\":" + body + "}").message().body()).isEqualTo(body.getBytes(UTF_8));
  }

  @Test
  void idAndHeadersAreRead() {
    Deferral<byte[]> deferral =
        put(
            "{\"body\":1,\"id\":\"\\u00e9 \uD83D\uDE00\",\"headers\":{\"b\":\"1\",\"a\":\"2\"},"
                + "\"ifPresent\":\"keep\"}");

    assertThat(deferral.message().id()).contains("é \uD83D\uDE00");
    assertThat(deferral.message().headers()).isEqualTo(Map.of("a", "2", "b", "1"));
    assertThat(deferral.message().headers().keySet()).containsExactly("b", "a");
    assertThat(deferral.ifPresent()).isEqualTo(IfPresent.KEEP);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"at\":\"2026-01-01T10:00:00.5+01:00\" | at 2026-01-01T09:00:00.500Z",
        "\"in\":\"PT15M\" | in PT15M",
        "\"in\":\"1h30m\" | in PT1H30M",
        "\"in\":\"500ms\" | in PT0.5S",
        "\"every\":\"7d\" | every PT168H",
        "\"every\":\"1h\",\"from\":\"2026-01-01T00:00:00Z\",\"until\":\"2027-01-01T00:00:00+00:00\""
            + ",\"missed\":\"latest\" | every PT1H from 2026-01-01T00:00:00Z"
            + " until 2027-01-01T00:00:00Z missed LATEST",
        "\"cron\":\"0 9 * * MON-FRI\" | cron 0 9 * * MON-FRI zone UTC",
        "\"cron\":\"@daily\",\"zone\":\"Europe/Oslo\",\"missed\":\"skip\""
            + " | cron @daily zone Europe/Oslo missed SKIP"
      })
  void schedulesAreRead(String fields, String schedule) {
    assertThat(put("{\"body\":1," + fields + "}").schedule()).hasToString(schedule);
  }

  @Test
  void removesAreRead() {
    assertThat(Lines.parse("{\"remove\":\"x\"}".getBytes(UTF_8))).isEqualTo(new Lines.Remove("x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nope | line is not JSON at column 1",
        "{\"body\": } | line is not JSON at column 10",
        "{\"body\":1 | line is not JSON at column 10",
        "[1] | line must be a JSON object, as {\"body\": 1, \"in\": \"5m\"}",
        "{\"body\":1} {} | line must hold one JSON object and nothing after it",
        "{} | body must be given, any JSON value",
        "{\"body\":1,\"inn\":\"5m\"} | unknown field inn, did you mean in?",
        "{\"body\":1,\"unitl\":\"5m\"} | unknown field unitl, did you mean until?",
        "{\"body\":1,\"ifpresent\":\"keep\"} | unknown field ifpresent, did you mean ifPresent?",
        "{\"body\":1,\"body\":2} | body must be given once only",
        "{\"body\":1,\"id\":7} | id must be a string, was 7",
        "{\"body\":1,\"in\":300} | in must be a string, was 300",
        "{\"body\":1,\"headers\":[]} | headers must be an object of strings, was []",
        "{\"body\":1,\"headers\":{\"a\":1}} | headers must have strings as values, was a: a number",
        "{\"body\":1,\"headers\":{\"a\":\"1\",\"a\":\"2\"}}"
            + " | headers must have each name once only, was a",
        "{\"body\":1,\"in\":\"soon\"} | in must be a duration as 500ms, 90s, 1h30m, 7d or PT15M, was soon",
        "{\"body\":1,\"at\":\"2026-01-01T00:00:00\"} | at must be a time with an offset, as"
            + " 2026-01-01T09:00:00Z or 2026-01-01T10:00:00+01:00, was 2026-01-01T00:00:00",
        "{\"body\":1,\"in\":\"1s\",\"every\":\"1s\"}"
            + " | only one of at, in, every and cron may be given, not in and every",
        "{\"body\":1,\"in\":\"1s\",\"until\":\"2026-01-01T00:00:00Z\"}"
            + " | until goes with every or cron only",
        "{\"body\":1,\"zone\":\"UTC\"} | zone goes with cron only",
        "{\"body\":1,\"every\":\"1h\",\"zone\":\"UTC\"} | zone goes with cron only",
        "{\"body\":1,\"every\":\"0s\"} | every must be at least 1ms, was PT0S",
        "{\"body\":1,\"cron\":\"0 9 * * *\",\"zone\":\"Mars\"}"
            + " | zone must be a time zone, as Europe/Oslo, UTC or +01:00, was Mars",
        "{\"body\":1,\"every\":\"1h\",\"missed\":\"some\"}"
            + " | missed must be one of each, latest, skip, was some",
        "{\"body\":1,\"ifPresent\":\"drop\"}"
            + " | ifPresent must be one of replace, keep, fail, was drop",
        "{\"remove\":\"x\",\"body\":1} | body cannot be given with remove",
        "{\"every\":\"1h\",\"from\":\"2027-01-01T00:00:00Z\",\"until\":\"2026-01-01T00:00:00Z\","
            + "\"body\":1} | until must be after from (2027-01-01T00:00:00Z), was 2026-01-01T00:00:00Z"
      })
  void S06_theRefusalSaysWhy(String line, String reason) {
    assertThatThrownBy(() -> Lines.parse(line.getBytes(UTF_8)))
        .isInstanceOf(PitstopException.class)
        .hasMessage(reason);
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    assertThatThrownBy(() -> Lines.parse("{\"body\":\"é\"}".getBytes(ISO_8859_1)))
        .hasMessage("line must be UTF-8 without NUL");
    assertThatThrownBy(
            () ->
                Lines.parse(
                    "{\"body\":\"e\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE)))
        .hasMessage("line must be UTF-8 without NUL");
  }

  private static Deferral<byte[]> put(String line) {
    return ((Lines.Put) Lines.parse(line.getBytes(UTF_8))).deferral();
  }
}
