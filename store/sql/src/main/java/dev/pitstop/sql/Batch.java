package dev.pitstop.sql;

import dev.pitstop.spi.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * What one statement does of a call: operations of one kind on different messages, in the order of
 * their keys, so that statements which lock the same messages do not wait for each other in a ring.
 *
 * @param items in the order of their keys
 * @param places where each stands in the call
 * @param ranks goes with the places and is less than {@link #LARGEST}, each once
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Batch<T>(List<T> items, int[] places, int[] ranks) {
  /** At most so many operations; a place among them takes ten bits. */
  static final int LARGEST = 1000;

  /** At most about so many bytes, unless one operation has more. */
  private static final int MOST_BYTES = 4 << 20;

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::queue).thenComparing(Key::id);

  int size() {
    return items.size();
  }

  /** A batch of one operation, which is the whole call. */
  static <T> Batch<T> of(T item) {
    return new Batch<>(List.of(item), new int[1], new int[1]);
  }

  /** Puts the answer to each item where the item stands in the call. */
  <R> void place(IntFunction<R> answer, R[] answers) {
    for (int item = 0; item < places.length; item++) {
      answers[places[item]] = answer.apply(item);
    }
  }

  /** The item of each rank. */
  int[] byRank() {
    int[] byRank = new int[LARGEST];
    for (int item = 0; item < ranks.length; item++) {
      byRank[ranks[item]] = item;
    }
    return byRank;
  }

  /** The parts of which each has one value, which goes with the order of the keys. */
  List<Batch<T>> runs(Function<T, String> value) {
    List<Batch<T>> runs = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= size(); to++) {
      if (to == size() || !value.apply(items.get(to)).equals(value.apply(items.get(from)))) {
        runs.add(part(from, to));
        from = to;
      }
    }
    return runs;
  }

  /** The two halves of a batch of several. */
  List<Batch<T>> halves() {
    int middle = size() / 2;
    return List.of(part(0, middle), part(middle, size()));
  }

  private Batch<T> part(int from, int to) {
    return new Batch<>(
        items.subList(from, to),
        Arrays.copyOfRange(places, from, to),
        Arrays.copyOfRange(ranks, from, to));
  }

  /**
   * Parts calls into batches, in the order to carry them out.
   *
   * @param kind operations of different kinds go into different batches
   * @param inOrder whether also those on different messages keep their order where kinds change
   */
  record Parting<T, K>(
      Function<T, Key> key, Function<T, K> kind, ToIntFunction<T> bytes, boolean inOrder) {
    List<Batch<T>> batches(List<T> call) {
      List<Batch<T>> batches = new ArrayList<>();
      Map<K, Open> open = new LinkedHashMap<>();
      Set<Key> touched = new HashSet<>();
      for (int place = 0; place < call.size(); place++) {
        T item = call.get(place);
        K of = kind.apply(item);
        boolean changes = inOrder && !open.isEmpty() && !open.containsKey(of);
        if (!touched.add(key.apply(item)) || changes) {
          close(open, call, batches);
          touched.clear();
          touched.add(key.apply(item));
        }
        Open batch = open.computeIfAbsent(of, none -> new Open());
        batch.places.add(place);
        batch.bytes += bytes.applyAsInt(item);
        if (batch.places.size() == LARGEST || batch.bytes >= MOST_BYTES) {
          batches.add(closed(call, batch.places));
          open.remove(of);
        }
      }
      close(open, call, batches);
      return batches;
    }

    private void close(Map<K, Open> open, List<T> call, List<Batch<T>> batches) {
      open.values().forEach(batch -> batches.add(closed(call, batch.places)));
      open.clear();
    }

    private Batch<T> closed(List<T> call, List<Integer> places) {
      int[] ranks =
          IntStream.range(0, places.size())
              .boxed()
              .sorted(Comparator.comparing(rank -> key.apply(call.get(places.get(rank))), ORDER))
              .mapToInt(rank -> rank)
              .toArray();
      return new Batch<>(
          IntStream.of(ranks).mapToObj(rank -> call.get(places.get(rank))).toList(),
          IntStream.of(ranks).map(places::get).toArray(),
          ranks);
    }
  }

  private static final class Open {
    final List<Integer> places = new ArrayList<>();
    long bytes;
  }
}
