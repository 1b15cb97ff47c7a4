package dev.pitstop.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IncomingTest {
  private static final String BEFORE =
      "INFO {\"a\":1}\r\nMSG a.ä 1 14\r\nHMSG b 1 2 3\r\n\r\n+OK\r\n";
  private static final String AFTER = "\0\r\nx\r\nPONG\r\nMSG a 1 0\r\n\r\nPING\r\n";

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A message with these headers, and a body of four bytes that {@link #AFTER} begins with. */
  private static String stream(String headers) {
    int size = bytes(headers);
    return BEFORE + "HMSG a.ä 1 reply " + size + " " + (size + 4) + "\r\n" + headers + AFTER;
  }

  /** What comes out when so many bytes come at a time and others are asked for at a time. */
  private static String read(String sent, int atATime, int asked) {
    byte[] all = sent.getBytes(StandardCharsets.UTF_8);
    Incoming incoming = new Incoming();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] given = new byte[asked];
    for (int from = 0; from < all.length; from += atATime) {
      byte[] some = Arrays.copyOfRange(all, from, Math.min(from + atATime, all.length));
      incoming.take(some, some.length);
      for (int n = incoming.give(given, 0, asked); n > 0; n = incoming.give(given, 0, asked)) {
        out.write(given, 0, n);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void assertRead(String sent, String expected) {
    for (int atATime = 1; atATime <= bytes(sent); atATime++) {
      assertThat(read(sent, atATime, 7)).as("%d at a time", atATime).isEqualTo(expected);
    }
  }

  @Test
  void whatTheClientCanReadIsLeftAsItIs() {
    String sent = stream("NATS/1.0\r\na: b c\r\nempty:\r\n\r\n");
    assertRead(sent, sent);
    String status = stream("NATS/1.0 404 No Messages\r\n\r\n");
    assertRead(status, status);
  }

  @Test
  void whatItCannotReadIsPutInItsWords() {
    assertRead(
        stream("NATS/1.0\r\ncity: Zürich\r\nplain:x\r\na name: y\r\nno colon\r\n: none\r\n\r\n"),
        stream("NATS/1.0\r\ncity:=?UTF-8?B?WsO8cmljaA==?=\r\nplain:x\r\na?name:y\r\n\r\n"));
  }

  @Test
  void aHeaderThatIsNoTextIsADataUrl() {
    byte[] sent = "NATS/1.0\r\na:\u00ff\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new String(ReadableHeaders.of(sent), StandardCharsets.US_ASCII))
        .isEqualTo("NATS/1.0\r\na:data:;base64,/w==\r\n\r\n");
  }
}
