package dev.pitstop.rocksdb;

import dev.pitstop.IfPresent;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rocksdb.RocksDBException;

/**
 * Puts that are written together: as many of a call as fit a batch. Not thread-safe.
 *
 * <p>Their records are encoded before the session's lock is taken.
 */
final class PutChunk {
  private static final int SIZE_MOST = 4 << 20;
  private static final int KEYS_SIZE = 100;

  private final List<Put> puts = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private final Buf records = new Buf(1 << 16);
  private final Buf key = new Buf(64);
  private final Buf value = new Buf(32);
  private int size;

  private PutChunk() {}

  /** Takes puts from one of a list on. */
  static PutChunk encode(List<Put> puts, int from) {
    PutChunk chunk = new PutChunk();
    for (int i = from; i < puts.size() && chunk.size < SIZE_MOST; i++) {
      Put put = puts.get(i);
      Value.encode(chunk.records, put.entry());
      chunk.puts.add(put);
      chunk.ends.add(chunk.records.length());
      boolean large = Value.isLarge(put.entry().payload());
      chunk.size =
          chunk.records.length()
              + KEYS_SIZE * chunk.puts.size()
              + (large ? put.entry().payload().body().length : 0);
    }
    return chunk;
  }

  /** How many puts it has. */
  int count() {
    return puts.size();
  }

  /** Roughly how many bytes it takes to write. */
  int size() {
    return size;
  }

  List<PutResult> apply(Session session, Change change) throws RocksDBException {
    List<Key> look =
        puts.stream().filter(put -> !put.unused()).map(put -> put.entry().key()).toList();
    Map<Key, Location> found = Removing.find(session, look);
    Removing removing = new Removing(session, change);
    List<PutResult> results = new ArrayList<>(puts.size());
    long number = session.numbers().take(puts.size());
    for (int i = 0; i < puts.size(); i++, number++) {
      Put put = puts.get(i);
      Key message = put.entry().key();
      Location old = put.unused() ? null : found.get(message);
      if (old != null && put.ifPresent() != IfPresent.REPLACE) {
        results.add(put.ifPresent() == IfPresent.KEEP ? PutResult.KEPT : PutResult.EXISTS);
        continue;
      }
      QueueState queue = session.queues().getOrMake(message.queue(), change);
      if (old != null) {
        removing.erase(queue, old);
      }
      Location location = write(queue, i, number, change);
      if (!put.unused()) {
        found.put(message, location);
      }
      results.add(old == null ? PutResult.CREATED : PutResult.REPLACED);
    }
    return results;
  }

  private Location write(QueueState queue, int index, long number, Change change) {
    Entry entry = puts.get(index).entry();
    boolean large = Value.isLarge(entry.payload());
    Batch batch = change.batch();
    int from = index == 0 ? 0 : ends.get(index - 1);
    int length = ends.get(index) - from;
    long due = entry.dueMillis();
    Location location;
    change.touches(queue);
    if (entry.state() == State.BURIED) {
      location = new Location(true, large, number, number);
      Burial.put(batch, queue, location, due, records.bytes(), from, length);
      queue.countBuried(1);
    } else {
      Place place = new Place(due, number);
      location = Location.waiting(place, large);
      batch.put(Table.DUE, Keys.due(key, queue.number(), place), records.bytes(), from, length);
      queue.countLive(1);
      queue.waits(place);
      change.leasableAt(queue, due);
    }
    value.clear();
    location.encode(value);
    batch.put(Table.MESSAGES, Keys.message(key, queue.number(), entry.key().id()), value);
    if (large) {
      byte[] body = entry.payload().body();
      batch.put(Table.BODIES, Keys.numbered(key, queue.number(), number), body, 0, body.length);
    }
    return location;
  }
}
