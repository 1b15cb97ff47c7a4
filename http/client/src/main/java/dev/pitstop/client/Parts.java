package dev.pitstop.client;

import dev.pitstop.wire.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Sends a batch in as many calls as its bytes need, one after the other. Immutable.
 *
 * @param mostBytes so many in one call at most, unless one thing alone has more
 */
record Parts(int mostBytes) {
  /** Sends one part. */
  @FunctionalInterface
  interface Sending<R> {
    /** Sends the bytes of so many things; gives a result for each. */
    List<R> send(byte[] bytes, int count);
  }

  /** Sends things in their order; gives a result for each. */
  <T, R> List<R> send(List<T> things, BiConsumer<Output, T> write, Sending<R> part) {
    List<R> results = new ArrayList<>(things.size());
    Output out = new Output();
    int count = 0;
    for (T thing : things) {
      int before = out.size();
      write.accept(out, thing);
      if (out.size() > mostBytes && count > 0) {
        results.addAll(part.send(out.cut(before), count));
        count = 0;
      }
      count++;
    }
    if (count > 0) {
      results.addAll(part.send(out.bytes(), count));
    }
    return results;
  }
}
