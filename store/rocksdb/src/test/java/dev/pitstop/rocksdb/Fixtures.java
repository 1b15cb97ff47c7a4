package dev.pitstop.rocksdb;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.Page;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.testing.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the tests of this store have in common. */
final class Fixtures {
  static final String QUEUE = "q";
  static final Duration MINUTE = Duration.ofMinutes(1);

  private Fixtures() {}

  static RocksDbStore open(Path directory, TestClock clock) {
    return RocksDbStore.open(directory, true, clock);
  }

  static Key key(String id) {
    return new Key(QUEUE, id);
  }

  static Put message(String id, Instant due) {
    return message(id, due, id.getBytes(StandardCharsets.UTF_8));
  }

  static Put message(String id, Instant due, byte[] body) {
    Payload payload = new Payload(body, "text/plain", Map.of());
    return new Put(
        Entry.scheduled(key(id), payload, null, Progress.starting(due)), IfPresent.REPLACE, false);
  }

  /** Messages of ids that nothing else has, a millisecond after each other. */
  static List<Put> unusedMessages(String prefix, int count, Instant first) {
    List<Put> puts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Put put = message(prefix + i, first.plusMillis(i));
      puts.add(new Put(put.entry(), IfPresent.REPLACE, true));
    }
    return puts;
  }

  static List<String> ids(List<Entry> entries) {
    return entries.stream().map(entry -> entry.key().id()).toList();
  }

  static List<Settlement> acks(List<Entry> leased) {
    return leased.stream().map(Fixtures::ack).toList();
  }

  static Settlement ack(Entry leased) {
    return new Settlement.Delete(leased.key(), leased.leased().token());
  }

  static Settlement release(Entry leased) {
    Progress now = leased.progress();
    Progress before =
        new Progress(
            now.due(), now.scheduledFor(), now.missed(), now.attempts() - 1, now.lastError());
    return new Settlement.Move(leased.key(), leased.leased().token(), before);
  }

  static List<Entry> all(Store store, String queue) {
    return all(store, queue, Filter.ALL);
  }

  static List<Entry> all(Store store, String queue, Filter filter) {
    return pages(from -> store.list(queue, filter, from, 7));
  }

  static List<Entry> search(Store store, String queue, String prefix, int size) {
    return pages(from -> store.search(queue, prefix, from, size));
  }

  private static List<Entry> pages(Function<Optional<String>, Page<Entry>> read) {
    List<Entry> entries = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      Page<Entry> page = read.apply(from);
      entries.addAll(page.items());
      from = page.next();
    } while (from.isPresent());
    return entries;
  }
}
