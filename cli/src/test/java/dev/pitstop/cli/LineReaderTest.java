package dev.pitstop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final int LONGEST = 2 << 20;

  /** Gives what it has in pieces of random length, as a pipe does. */
  private static final class Pieces extends InputStream {
    private final InputStream whole;
    private final Random random;

    Pieces(byte[] whole, Random random) {
      this.whole = new ByteArrayInputStream(whole);
      this.random = random;
    }

    @Override
    public int read() throws IOException {
      return whole.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return whole.read(bytes, offset, 1 + random.nextInt(Math.min(length, 100_000)));
    }
  }

  @Test
  void linesAreNumberedAndTheLastNeedsNoLineFeed() throws IOException {
    LineReader lines = reader("a\n\nlast");

    assertThat(text(next(lines))).isEqualTo("1:a");
    LineReader.Line blank = next(lines);
    assertThat(blank.blank()).isTrue();
    assertThat(text(next(lines))).isEqualTo("3:last");
    assertThat(lines.next()).isNull();
  }

  @Test
  void aLineThatIsTooLongIsPassedOverAndTheOthersGoOn() throws IOException {
    byte[] longest = new byte[LONGEST];
    Arrays.fill(longest, (byte) 'x');
    InputStream in =
        new SequenceInputStream(
            new SequenceInputStream(
                new ByteArrayInputStream(longest), new ByteArrayInputStream("x\n".getBytes(UTF_8))),
            new SequenceInputStream(
                new ByteArrayInputStream(longest),
                new ByteArrayInputStream("\nafter".getBytes(UTF_8))));
    LineReader lines = new LineReader(in, LONGEST);

    LineReader.Line tooLong = next(lines);
    assertThatThrownBy(tooLong::content)
        .hasMessage("line must be at most 2097152 bytes, was longer");
    LineReader.Line fits = next(lines);
    assertThat(fits.content()).hasSize(LONGEST);
    assertThat(text(next(lines))).isEqualTo("3:after");
    assertThat(lines.next()).isNull();
  }

  @Test
  void anEndlessLineTakesNoMemory() throws IOException {
    long[] left = {1L << 28};
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return left[0]-- > 0 ? 'x' : -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            if (left[0] <= 0) {
              return -1;
            }
            assertThat(bytes.length).isLessThanOrEqualTo(2 * LONGEST);
            left[0] -= length;
            return length;
          }
        };
    LineReader lines = new LineReader(endless, LONGEST);

    LineReader.Line line = next(lines);
    assertThat(line.bytes()).isNull();
    assertThat(lines.next()).isNull();
  }

  @Test
  void readySaysWhetherALineIsThereWithoutWaiting() throws IOException {
    InputStream in =
        new ByteArrayInputStream("one\ntwo\nhalf".getBytes(UTF_8)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 5));
          }
        };
    LineReader lines = new LineReader(in, LONGEST);

    assertThat(lines.buffered()).isFalse();
    assertThat(lines.ready()).isTrue();
    assertThat(text(next(lines))).isEqualTo("1:one");
    assertThat(lines.ready()).isTrue();
    assertThat(text(next(lines))).isEqualTo("2:two");
    assertThat(lines.ready()).isFalse();
    assertThat(text(next(lines))).isEqualTo("3:half");
  }

  @RepeatedTest(20)
  void whateverPiecesTheInputComesInTheLinesAreTheSame() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<String> written = new ArrayList<>();
    StringBuilder whole = new StringBuilder();
    for (int i = 1; i <= 50; i++) {
      int length = random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(100);
      String line = "y".repeat(length);
      written.add(i + ":" + line);
      whole.append(line).append('\n');
    }
    LineReader lines =
        new LineReader(new Pieces(whole.toString().getBytes(UTF_8), random), LONGEST);

    List<String> read = new ArrayList<>();
    for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
      read.add(line.number() + ":" + new String(line.content(), UTF_8));
    }
    assertThat(read).as("seed %d", seed).isEqualTo(written);
  }

  private static LineReader reader(String text) {
    return new LineReader(new ByteArrayInputStream(text.getBytes(UTF_8)), LONGEST);
  }

  private static LineReader.Line next(LineReader lines) throws IOException {
    return Objects.requireNonNull(lines.next(), "no more lines");
  }

  private static String text(LineReader.Line line) {
    return line.number() + ":" + new String(line.content(), UTF_8);
  }
}
