package dev.pitstop.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which ids lie within a range, of ids and prefixes at the edges of UTF-8 and UTF-16. */
final class IdRangeTest {
  private static final String TOP = Character.toString(Character.MAX_CODE_POINT);
  private static final List<String> TEXTS =
      List.of(
          "a",
          "a%_",
          "ab",
          "b",
          "~",
          "\u00E9",
          "\uD7FF",
          "\uD7FFx",
          "\uE000",
          "\uFFFF",
          "\uFFFFx",
          "\uD83D\uDE97",
          "\uD83D\uDE971",
          "\uD83D\uDE98",
          "\uD83D\uDFFF",
          "\uD83E\uDC00",
          TOP,
          TOP + TOP,
          TOP + "a",
          "a" + TOP,
          "a" + TOP + "z",
          "x\uD83D\uDE97");

  private static boolean isWithin(Optional<IdRange> range, String id) {
    return range
        .filter(r -> compare(id, r.first()) >= 0 && compare(id, r.after()) > 0)
        .filter(r -> r.end().map(end -> compare(id, end) < 0).orElse(true))
        .isPresent();
  }

  private static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void O02_exactlyWhatBeginsSoLiesWithin() {
    for (String text : TEXTS) {
      for (int end = 0; end <= text.length(); end++) {
        String prefix = text.substring(0, end); // halves of emoji too
        Optional<IdRange> range = IdRange.of(prefix, Optional.empty());
        for (String id : TEXTS) {
          assertThat(isWithin(range, id))
              .as("<%s> begins with <%s>", id, prefix)
              .isEqualTo(id.startsWith(prefix));
        }
      }
    }
  }

  @Test
  void O02_theNextPageBeginsBehindTheLast() {
    Optional<IdRange> range = IdRange.of("a", Optional.of(IdRange.cursor("ab")));
    assertThat(TEXTS.stream().filter(id -> isWithin(range, id)))
        .containsExactly("a" + TOP, "a" + TOP + "z");
  }

  @Test
  void O02_nothingBeginsWithWhatNoIdHas() {
    for (String prefix : List.of("\u0000", "a\u0000", "a\n", "\uDE97", "\uD83Da", "a\u0085")) {
      assertThat(IdRange.of(prefix, Optional.empty())).as(prefix).isEmpty();
    }
  }

  @Test
  void O02_aCursorOfSomethingElseIsRefused() {
    for (String from : List.of("", "a", "due_1_2", "id_", "id_b", "id_a\u0000", "id_a\uD83D")) {
      assertThatThrownBy(() -> IdRange.of("a", Optional.of(from)))
          .as(from)
          .isInstanceOfSatisfying(
              InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("from"));
    }
    assertThatThrownBy(() -> IdRange.of("", Optional.of("id_")))
        .isInstanceOf(InvalidFieldException.class);
  }
}
