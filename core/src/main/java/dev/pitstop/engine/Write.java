package dev.pitstop.engine;

import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Store;
import java.util.ArrayList;
import java.util.List;

/** What callers write into a store; puts and removes stay in the order they came. */
sealed interface Write {
  /** A message is put. */
  record Putting(Put put) implements Write {}

  /** A message is removed. */
  record Removing(Key key) implements Write {}

  /** What the store said to a write. */
  sealed interface Result {}

  /** What came of a put. */
  record Placed(PutResult result) implements Result {}

  /** Whether what was to be removed was there. */
  record Removed(boolean there) implements Result {}

  /** Carries out writes, neighbours of a kind in one call. */
  static List<Result> to(Store store, List<Write> writes) {
    List<Result> results = new ArrayList<>(writes.size());
    int from = 0;
    while (from < writes.size()) {
      boolean puts = writes.get(from) instanceof Putting;
      int to = from + 1;
      while (to < writes.size() && writes.get(to) instanceof Putting == puts) {
        to++;
      }
      List<Write> run = writes.subList(from, to);
      if (puts) {
        List<Put> entries = new ArrayList<>(run.size());
        run.forEach(write -> entries.add(((Putting) write).put()));
        store.put(entries).forEach(result -> results.add(new Placed(result)));
      } else {
        List<Key> keys = new ArrayList<>(run.size());
        run.forEach(write -> keys.add(((Removing) write).key()));
        store.remove(keys).forEach(there -> results.add(new Removed(there)));
      }
      from = to;
    }
    return results;
  }
}
