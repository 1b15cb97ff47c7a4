package dev.pitstop.rocksdb;

import dev.pitstop.IfPresent;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Put;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Another process that stores, leases and settles, and says line by line what it has done: {@code
 * stored N}, {@code leased ID TOKEN}, {@code acked ID}. Killed when closed.
 */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private Child(Process process) {
    this.process = process;
    lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Child start(Path directory) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            directory.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    return new Child(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  long pid() {
    return process.pid();
  }

  String awaitLine() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the child ended with " + process.onExit().join().exitValue());
    }
    return line;
  }

  /** Kills it; the lines it had said and that were not read. */
  List<String> kill() {
    process.toHandle().destroyForcibly(); // as kill -9; what it said can still be read
    process.onExit().join();
    List<String> rest = new ArrayList<>();
    try {
      for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
        rest.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rest;
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] args) {
    RocksDbStore store = RocksDbStore.open(Path.of(args[0]), true, InstantSource.system());
    for (int round = 0; ; round++) {
      int first = round * 10;
      List<Put> puts =
          IntStream.range(first, first + 10)
              .mapToObj(i -> Fixtures.message("m" + i, Instant.now()))
              .map(put -> new Put(put.entry(), IfPresent.FAIL, false))
              .toList();
      store.put(puts);
      System.out.println("stored " + (first + 10));
      List<Entry> leased = store.lease(Fixtures.QUEUE, 6, Fixtures.MINUTE);
      for (Entry entry : leased) {
        System.out.println("leased " + entry.key().id() + " " + entry.leased().token());
      }
      List<Entry> half = leased.subList(0, leased.size() / 2);
      half.forEach(entry -> System.out.println("acking " + entry.key().id()));
      store.settle(Fixtures.acks(half));
      half.forEach(entry -> System.out.println("acked " + entry.key().id()));
    }
  }
}
