package dev.pitstop.rocksdb;

import static dev.pitstop.rocksdb.Fixtures.MINUTE;
import static dev.pitstop.rocksdb.Fixtures.QUEUE;
import static dev.pitstop.rocksdb.Fixtures.acks;
import static dev.pitstop.rocksdb.Fixtures.key;
import static dev.pitstop.rocksdb.Fixtures.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Entry;
import dev.pitstop.testing.TestClock;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up or turns read-only, and one that has room again: a small real one. */
final class FullDiskTest {
  @TempDir Path directory;

  private final TestClock clock = TestClock.create();
  private final AtomicLong nanos = new AtomicLong();
  private final Random random = new Random(3);
  private Path disk;
  private RocksDbStore store;
  private int stored;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", disk.toString()),
        "needs the right to mount a tmpfs, as root has");
    store = RocksDbStore.open(disk.resolve("data"), true, clock, nanos::get);
  }

  @AfterEach
  void unmount() throws Exception {
    if (store != null) {
      store.close();
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  @Test
  void F01_aFullDiskFailsCallsAndLosesNothing() throws Exception {
    store.put(List.of(message("leased", clock.instant().minusSeconds(60))));
    List<Entry> leased = store.lease(QUEUE, 1, MINUTE);
    Path filler = fill(disk.resolve("filler"), 4 << 20);
    Throwable failure = fillStore();
    assertThat(failure)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(disk.resolve("data").toString())
        .hasMessageContaining("No space left");
    assertThatThrownBy(() -> store.stats()).isInstanceOf(StoreUnavailableException.class);

    Files.delete(filler);
    assertThatThrownBy(() -> store.stats())
        .as("before the pause is over")
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("No space left");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));

    assertAllStoredAreThere();
    assertThat(store.settle(acks(leased))).as("a token from before").containsExactly(true);
    assertThat(store.find(key("leased"))).isEmpty();
    store.put(List.of(message("after", clock.instant())));
    assertThat(store.find(key("after"))).isPresent();
    assertThat(store.stats().get(0).leased()).isZero();
  }

  @Test
  void F02_whileItStaysFullThePausesGrowAndCallsFail() throws Exception {
    Path filler = fill(disk.resolve("filler"), 4 << 20);
    fillStore();
    for (int second = 0; second < 60; second++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      Throwable failure =
          catchThrowable(() -> store.put(List.of(message("big", clock.instant(), big(1 << 20)))));
      assertThat(failure).isInstanceOf(StoreUnavailableException.class);
    }
    Files.delete(filler);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
    assertAllStoredAreThere();
    store.put(List.of(message("big", clock.instant(), big(1 << 20))));
  }

  @Test
  void F02_aReadOnlySpellEndsByItself() throws Exception {
    Path filler = fill(disk.resolve("filler"), 4 << 20);
    fillStore();
    Path data = disk.resolve("data");
    Path aside = Files.move(data, disk.resolve("aside"));
    Files.createFile(data);
    awaitNextTry();
    assertThatThrownBy(() -> store.stats())
        .as("closes its files, so that the disk can be made read-only, and cannot open them")
        .isInstanceOf(StoreUnavailableException.class);
    Files.delete(data);
    Files.move(aside, data);
    Files.delete(filler);
    assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();
    awaitNextTry();
    assertThatThrownBy(() -> store.stats())
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(disk.resolve("data").toString())
        .hasMessageContaining("Read-only file system");
    assertThat(run("mount", "-o", "remount,rw", disk.toString())).isTrue();
    awaitNextTry();
    assertAllStoredAreThere();
    store.put(List.of(message("after", clock.instant())));
  }

  /** Longer than the longest pause between two tries. */
  private void awaitNextTry() {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
  }

  /** Stores until it fails; says how. */
  private @Nullable Throwable fillStore() {
    Throwable failure = null;
    while (failure == null && stored < 10_000) {
      failure =
          catchThrowable(
              () -> store.put(List.of(message("m" + stored, clock.instant(), big(30_000)))));
      if (failure == null) {
        stored++;
      }
    }
    return failure;
  }

  private void assertAllStoredAreThere() {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < stored; i++) {
      if (store.find(key("m" + i)).isEmpty()) {
        missing.add("m" + i);
      }
    }
    assertThat(missing).isEmpty();
    assertThat(stored).isPositive();
  }

  private byte[] big(int size) {
    byte[] body = new byte[size];
    random.nextBytes(body);
    return body;
  }

  /** Fills the disk up to some bytes. */
  private Path fill(Path filler, long leave) throws IOException {
    FileStore space = Files.getFileStore(disk);
    Files.write(filler, new byte[(int) (space.getUsableSpace() - leave)]);
    return filler;
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }
}
