package dev.pitstop.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * The queues by name; one that was there once stays. Not thread-safe: used under the session's
 * lock.
 */
final class Queues {
  private final SortedMap<String, QueueState> byName = new TreeMap<>();
  private int last;

  /** Reads what is on disk of all queues. */
  static Queues read(Tables tables) throws RocksDBException {
    Queues queues = new Queues();
    Buf key = new Buf(32);
    try (Walk walk = tables.walk(Table.META, MetaKeys.names(), MetaKeys.namesEnd())) {
      for (; walk.valid(); walk.next()) {
        int number = MetaKeys.queueOfName(walk.key());
        String name = new String(walk.value(), StandardCharsets.UTF_8);
        QueueState queue = new QueueState(number, name);
        byte[] counts = tables.get(Table.META, MetaKeys.counts(key, number));
        if (counts != null) {
          queue.restore(counts);
        }
        queue.pause(tables.get(Table.META, MetaKeys.paused(key, number)) != null);
        queues.byName.put(name, queue);
        queues.last = Math.max(queues.last, number);
      }
    }
    return queues;
  }

  @Nullable QueueState get(String name) {
    return byName.get(name);
  }

  /** The queue of a name, which is made with a change when there is none. */
  QueueState getOrMake(String name, Change change) {
    QueueState queue = byName.get(name);
    if (queue == null) {
      queue = new QueueState(++last, name);
      byName.put(name, queue);
      Buf text = new Buf(name.length()).raw(name.getBytes(StandardCharsets.UTF_8));
      change.batch().put(Table.META, MetaKeys.name(new Buf(16), queue.number()), text);
    }
    return queue;
  }

  /** Pauses or resumes a queue with a change; says whether it was not so before. */
  boolean pause(String name, boolean paused, long now, Change change) {
    QueueState queue = paused ? getOrMake(name, change) : byName.get(name);
    if (queue == null || queue.paused() == paused) {
      return false;
    }
    queue.pause(paused);
    Buf key = MetaKeys.paused(new Buf(16), queue.number());
    if (paused) {
      change.batch().put(Table.META, key, new Buf(0));
    } else {
      change.batch().delete(Table.META, key);
      change.leasableAt(queue, now);
    }
    return true;
  }

  Collection<QueueState> all() {
    return byName.values();
  }
}
