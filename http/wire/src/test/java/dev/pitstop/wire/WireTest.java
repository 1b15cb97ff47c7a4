package dev.pitstop.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.PitstopException;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What is written comes back the same, and what nobody has written is refused. */
final class WireTest {
  private static final Key KEY = new Key("q", "a/\uD83D\uDE00 ");
  private static final Progress PROGRESS =
      new Progress(
          Instant.parse("9999-12-31T23:59:59.999Z"),
          Instant.parse("-0001-01-01T00:00:00Z"),
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          "why \u0000");

  private static <T> T through(T thing, BiConsumer<Output, T> write, Function<Input, T> read) {
    Output out = new Output();
    write.accept(out, thing);
    Input in = new Input(out.bytes());
    T back = read.apply(in);
    in.end();
    return back;
  }

  private static Entry entry(State state) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("z", "");
    headers.put("\uFFFD", "\n");
    Payload payload = new Payload(new byte[] {0, -1, 10}, "x/y", headers);
    Lease lease = state == State.LEASED ? new Lease(-1, Instant.EPOCH) : null;
    return new Entry(KEY, payload, "every PT1H", state, PROGRESS, lease);
  }

  /** Bodies are arrays, which are never the same as another. */
  private static void same(Entry is, Entry was) {
    assertThat(is.payload().body()).isEqualTo(was.payload().body());
    assertThat(is).usingRecursiveComparison().isEqualTo(was);
    assertThat(is.payload().headers().keySet())
        .containsExactlyElementsOf(was.payload().headers().keySet());
  }

  @Test
  void S08_entriesComeBackByteForByte() {
    for (State state : State.values()) {
      same(through(entry(state), Wire::entry, Wire::entry), entry(state));
    }
    Page<Entry> page = new Page<>(List.of(entry(State.BURIED)), Optional.of("id_\uD83D"));
    Page<Entry> back = through(page, Wire::page, Wire::page);
    same(back.items().get(0), page.items().get(0));
    assertThat(back.next()).isEqualTo(page.next());
    Put put = through(new Put(entry(State.BURIED), IfPresent.KEEP, true), Wire::put, Wire::put);
    same(put.entry(), entry(State.BURIED));
    assertThat(put.ifPresent()).isEqualTo(IfPresent.KEEP);
    assertThat(put.unused()).as("nobody takes a caller's word for it").isFalse();
  }

  @Test
  void allElseComesBackTheSame() {
    for (Settlement settlement :
        List.of(
            new Settlement.Delete(KEY, Long.MIN_VALUE),
            new Settlement.Move(KEY, 0, PROGRESS),
            new Settlement.Bury(KEY, 1, PROGRESS),
            new Settlement.Extend(KEY, 2, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))) {
      assertThat(through(settlement, Wire::settlement, Wire::settlement)).isEqualTo(settlement);
    }
    for (Filter filter :
        List.of(
            Filter.ALL,
            Filter.of(State.LEASED).dueFrom(Instant.MIN).dueBefore(Instant.MAX.minusNanos(1)))) {
      assertThat(through(filter, Wire::filter, Wire::filter)).isEqualTo(filter);
    }
    QueueStats stats = new QueueStats("q", 1, 2, 3, Optional.of(Instant.EPOCH), true);
    assertThat(through(stats, Wire::stats, Wire::stats)).isEqualTo(stats);
    for (PutResult result :
        List.of(PutResult.CREATED, PutResult.REPLACED, PutResult.KEPT, PutResult.EXISTS)) {
      assertThat(through(result, Wire::result, Wire::result)).isEqualTo(result);
    }
  }

  @Test
  void refusalsKeepWhatTheySay() {
    PutResult.Refused field =
        new PutResult.Refused(new InvalidFieldException("id", "must be short", "\uD83D"));
    assertThat(failure(field))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage(field.failure().getMessage());
    PutResult.Refused other = new PutResult.Refused(new PitstopException("no"));
    assertThat(failure(other)).isExactlyInstanceOf(PitstopException.class).hasMessage("no");
  }

  private static PitstopException failure(PutResult result) {
    return ((PutResult.Refused) through(result, Wire::result, Wire::result)).failure();
  }

  /** Neither another exception nor memory for what was never sent. */
  @Test
  void whatIsMalformedIsRefusedWhateverItIs() {
    Output out = new Output();
    Wire.put(out, new Put(entry(State.BURIED), IfPresent.FAIL, false));
    byte[] sound = out.bytes();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = sound.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      try {
        Wire.rest(new Input(cut), Wire::put);
      } catch (InvalidFieldException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(refused).isGreaterThan(1_000);
    assertThatThrownBy(() -> new Input(new byte[] {2, (byte) 0xC0}).text())
        .hasMessageContaining("a text in UTF-8");
    assertThatThrownBy(() -> new Input(new byte[] {1}).end()).hasMessageContaining("the end");
  }
}
