package dev.pitstop.engine;

import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
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
  /** The queue that it is about. */
  String queue();

  /** A message is put. */
  record Putting(Put put) implements Write {
    @Override
    public String queue() {
      return put.entry().key().queue();
    }
  }

  /** A message is removed. */
  record Removing(Key key) implements Write {
    @Override
    public String queue() {
      return key.queue();
    }
  }

  /** What the store said to a write. */
  sealed interface Result {}

  /** What came of a put. */
  record Placed(PutResult result) implements Result {}

  /** Whether what was to be removed was there. */
  record Removed(boolean there) implements Result {}

  /** Why neither is known. */
  record Failed(PitstopException failure) implements Result {}

  /**
   * Carries out writes, neighbours of a kind in one call. When one of these fails because the store
   * is away, no more is tried. When it fails for a message that is held, the others may pass. When
   * it is refused, its queues are tried one by one, as what is refused may be a matter of one.
   */
  static List<Result> to(Store store, List<Write> writes) {
    List<Result> results = new ArrayList<>(writes.size());
    int apartUntil = 0;
    while (results.size() < writes.size()) {
      List<Write> rest = writes.subList(results.size(), writes.size());
      List<Write> run = run(rest, results.size() < apartUntil);
      try {
        carryOut(store, run, results);
      } catch (HeldException e) {
        fail(run, e, results);
      } catch (StoreUnavailableException e) {
        fail(rest, e, results);
      } catch (PitstopException e) {
        if (run(run, true).size() == run.size()) {
          fail(run, e, results);
        } else {
          apartUntil = results.size() + run.size();
        }
      }
    }
    return results;
  }

  private static void fail(List<Write> writes, PitstopException failure, List<Result> results) {
    results.addAll(Collections.nCopies(writes.size(), new Failed(failure)));
  }

  /** The first of some writes, and those of its kind behind it, or of its kind and queue. */
  private static List<Write> run(List<Write> writes, boolean ofOneQueue) {
    Write first = writes.get(0);
    int end = 1;
    while (end < writes.size()
        && writes.get(end) instanceof Putting == first instanceof Putting
        && (!ofOneQueue || writes.get(end).queue().equals(first.queue()))) {
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
