package dev.pitstop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Deferral;
import dev.pitstop.Filter;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmissionsTest {
  private static final Duration LEASE_TIME = Duration.ofSeconds(10);

  private final Pitstop pitstop = Pitstop.open("memory:");
  private final MessageQueue<byte[]> queue = pitstop.queue("q");
  private final Progress progress = new Progress();

  /** Takes so many bytes, then is full. */
  private static final class Disk extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int room;

    Disk(int room) {
      this.room = room;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) throws IOException {
      int fits = Math.min(length, room - bytes.size());
      bytes.write(more, offset, fits);
      if (fits < length) {
        throw new IOException("No space left on device");
      }
    }

    List<String> wholeLines() {
      String text = bytes.toString(UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
  }

  @AfterEach
  void close() {
    pitstop.close();
  }

  @Test
  void E02_everythingIsWrittenAndOnlyThenGone() {
    storeNumbers(2_000);
    Disk disk = new Disk(Integer.MAX_VALUE);

    Emissions emissions = emit(disk);
    progress.inputEnded();
    progress.awaitStopOrEmpty(this::isEmpty);

    assertThat(ids(disk.wholeLines())).isEqualTo(numbers(0, 2_000));
    assertThat(emissions.failure()).isEmpty();
  }

  @Test
  void E02_whatAFullDiskDidNotTakeIsStillThere() {
    storeNumbers(2_000);
    Disk disk = new Disk(100_000);

    Emissions emissions = emit(disk);
    progress.awaitStop();
    pitstopStopsListening();

    assertThat(emissions.failure())
        .hasValueSatisfying(
            failure -> assertThat(failure).hasMessage("standard output: No space left on device"));
    List<String> left = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      var page = Calls.await(queue.list(Filter.ALL, from, 1000));
      page.items().forEach(message -> left.add(message.id()));
      from = page.next();
    } while (from.isPresent());
    List<String> written = ids(disk.wholeLines());
    assertThat(written).isNotEmpty().hasSizeLessThan(2_000);
    assertThat(left.size()).isGreaterThanOrEqualTo(2_000 - written.size());
    assertThat(Stream.concat(written.stream(), left.stream()).collect(Collectors.toSet()))
        .hasSize(2_000);
    assertThat(Calls.await(queue.stats()).leased()).isZero();
  }

  private Emissions emit(Disk disk) {
    Emissions emissions = new Emissions(new Output(disk), 256, LEASE_TIME, progress);
    queue
        .deliveries(ListenerOptions.defaults().concurrency(256).leaseTime(LEASE_TIME))
        .subscribe(emissions);
    return emissions;
  }

  private void pitstopStopsListening() {
    pitstop.listeners().forEach(listener -> listener.stop().join());
  }

  private boolean isEmpty() {
    QueueStats stats = Calls.await(queue.stats());
    return stats.scheduled() == 0 && stats.leased() == 0;
  }

  private void storeNumbers(int count) {
    List<Deferral<byte[]>> deferrals =
        numbers(0, count).stream()
            .map(
                id ->
                    Deferral.of(
                        Message.of("1".getBytes(UTF_8)).id(id).contentType("application/json"),
                        Schedule.in(Duration.ZERO)))
            .toList();
    Calls.await(queue.storeAll(deferrals)).forEach(result -> result.orThrow());
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }

  private static List<String> ids(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll(".*\"id\":\"(m\\d+)\".*", "$1")).toList();
  }
}
