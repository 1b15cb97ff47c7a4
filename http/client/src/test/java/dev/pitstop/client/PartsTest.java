package dev.pitstop.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches are parted by their bytes, in their order, and nothing is left out. */
final class PartsTest {
  private final List<Integer> sizes = new ArrayList<>();

  /** Sends texts of so many characters; gives them as they arrived. */
  private List<String> sent(int mostBytes, int... lengths) {
    List<String> texts = new ArrayList<>();
    for (int length : lengths) {
      texts.add(Character.toString('a' + texts.size()).repeat(length));
    }
    List<String> arrived =
        new Parts(mostBytes)
            .send(
                texts,
                Output::text,
                (bytes, count) -> {
                  sizes.add(bytes.length);
                  List<String> part = Wire.rest(new Input(bytes), Input::text);
                  assertThat(part).hasSize(count);
                  return part;
                });
    assertThat(arrived).isEqualTo(texts);
    return arrived;
  }

  @Test
  void whatFitsGoesTogether() {
    sent(100, 30, 30, 30);
    assertThat(sizes).containsExactly(93);
  }

  @Test
  void whatDoesNotFitGoesNext() {
    sent(61, 30, 30, 30, 30, 30);
    assertThat(sizes).containsExactly(31, 31, 31, 31, 31);
    sizes.clear();
    sent(62, 30, 30, 30, 30, 30);
    assertThat(sizes).containsExactly(62, 62, 31);
  }

  @Test
  void whatIsTooLargeGoesAlone() {
    sent(10, 3, 50, 3, 3);
    assertThat(sizes).containsExactly(4, 51, 8);
  }

  @Test
  void nothingIsNotSent() {
    assertThat(sent(10)).isEmpty();
    assertThat(sizes).isEmpty();
  }
}
