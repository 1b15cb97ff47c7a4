package dev.pitstop.broker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Message;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Messages that are easily damaged. Each has a header {@code sample} that tells which it is. */
final class Samples {
  private static final int MEBIBYTE = 1 << 20;

  private Samples() {}

  static List<Message<byte[]>> all() {
    return List.of(
        sample("empty", new byte[0]),
        sample("largest", random(MEBIBYTE)).contentType("application/octet-stream"),
        sample("every byte", everyByte()),
        sample("no text", new byte[] {(byte) 0xc3, 0x28, 0, (byte) 0xff}),
        Rules.text("{\"price\": \"5 €\"}")
            .contentType("application/json; charset=utf-8")
            .header("sample", "headers")
            .header("name", "Zoë Ωmega 你好 🚚")
            .header("empty", "")
            .header("spaces", "a  b")
            .header("quotes", "\"'\\{}%2F/&=;,")
            .header("Mixed-Case", "kept"));
  }

  private static Message<byte[]> sample(String name, byte[] body) {
    return Message.of(body).header("sample", name);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] everyByte() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static String name(Message<byte[]> message) {
    return message.headers().getOrDefault("sample", "");
  }

  /** Each is there once as it was; it may have more headers, and be in another order. */
  static void assertSame(List<Message<byte[]>> actual, List<Message<byte[]>> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (Message<byte[]> sample : expected) {
      String name = name(sample);
      Optional<Message<byte[]>> found =
          actual.stream().filter(one -> name.equals(name(one))).findFirst();
      assertThat(found).as(name).isPresent();
      assertThat(found.get().body()).as(name).isEqualTo(sample.body());
      assertThat(found.get().headers()).as(name).containsAllEntriesOf(sample.headers());
      assertThat(found.get().contentType()).as(name).isEqualTo(sample.contentType());
    }
  }
}
