package dev.pitstop.engine;

import dev.pitstop.PitstopException;
import dev.pitstop.spi.HeldException;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Store;
import java.util.ArrayList;
import java.util.Collections;
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

  /** Why neither is known. */
  record Failed(PitstopException failure) implements Result {}

  /**
   * Carries out writes, neighbours of a kind in one call. When one of these fails for a message
   * that is held, the others may pass; when it fails otherwise, the store is away, and no more is
   * tried.
   */
  static List<Result> to(Store store, List<Write> writes) {
    List<Result> results = new ArrayList<>(writes.size());
    while (results.size() < writes.size()) {
      List<Write> run = run(writes.subList(results.size(), writes.size()));
      try {
        carryOut(store, run, results);
      } catch (PitstopException e) {
        int many = e instanceof HeldException ? run.size() : writes.size() - results.size();
        results.addAll(Collections.nCopies(many, new Failed(e)));
      }
    }
    return results;
  }

  /** The first of some writes, and those of its kind behind it. */
  private static List<Write> run(List<Write> writes) {
    boolean puts = writes.get(0) instanceof Putting;
    int end = 1;
    while (end < writes.size() && writes.get(end) instanceof Putting == puts) {
      end++;
    }
    return writes.subList(0, end);
  }

  private static void carryOut(Store store, List<Write> run, List<Result> results) {
    if (run.get(0) instanceof Putting) {
      List<Put> entries = new ArrayList<>(run.size());
      run.forEach(write -> entries.add(((Putting) write).put()));
      store.put(entries).forEach(result -> results.add(new Placed(result)));
    } else {
      List<Key> keys = new ArrayList<>(run.size());
      run.forEach(write -> keys.add(((Removing) write).key()));
      store.remove(keys).forEach(there -> results.add(new Removed(there)));
    }
  }
}
