package dev.pitstop.server.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.PitstopException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Totals keep what was added, in memory and as text. */
final class BlockTest {
  private static final Instant AT = Instant.parse("2026-03-01T10:20:30Z");

  @Test
  void whatWasAddedIsThereAfterBeingWrittenAndRead() {
    long start = Resolution.MINUTE.blockOf(AT);
    Block block = new Block(Resolution.MINUTE, start);
    block.add("mail", AT.getEpochSecond(), 3, 2, 1);
    block.add("mail", AT.getEpochSecond() + 1, 1, 0, 0);
    block.add("sms", start, 7, 0, 0);
    Block read = Block.parse(Resolution.MINUTE, start, block.text());
    assertThat(sums(read, "mail")).containsExactly("2026-03-01T10:20:00Z 4 2 1");
    assertThat(sums(read, "sms")).containsExactly("2026-03-01T10:00:00Z 7 0 0");
  }

  @Test
  void queuesOverTheLimitAreAddedUp() {
    Block block = new Block(Resolution.HOUR, Resolution.HOUR.blockOf(AT));
    for (int i = 0; i < 150; i++) {
      block.add("q" + i, AT.getEpochSecond(), 1, 0, 0);
    }
    assertThat(sums(block, "q99")).hasSize(1);
    assertThat(sums(block, "q100")).isEmpty();
    assertThat(sums(block, Block.OTHERS)).containsExactly("2026-03-01T10:00:00Z 50 0 0");
  }

  @Test
  void whatIsNoBlockIsRefused() {
    for (String text :
        List.of("", "2\nmail 1:1,1,1", "1\nmail 1:1", "1\nmail 60:1,1,1", "1\nmail x")) {
      assertThatThrownBy(
              () -> Block.parse(Resolution.MINUTE, 0, text.getBytes(StandardCharsets.UTF_8)))
          .as(text)
          .isInstanceOf(PitstopException.class);
    }
  }

  private static List<String> sums(Block block, String queue) {
    List<String> sums = new ArrayList<>();
    block.sum(
        queue::equals,
        (second, acked, failed, buried) ->
            sums.add(Instant.ofEpochSecond(second) + " " + acked + " " + failed + " " + buried));
    return sums;
  }
}
