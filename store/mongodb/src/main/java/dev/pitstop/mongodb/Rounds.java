package dev.pitstop.mongodb;

import dev.pitstop.spi.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Parts a call into writes of one queue that name each message once, since the operations of one
 * write have no order. What names a message again comes in a later round.
 */
final class Rounds {
  /** At most so many operations a write. */
  static final int LARGEST = 1000;

  private Rounds() {}

  /**
   * One write.
   *
   * @param places where its operations stand in the call
   */
  record Round(String queue, List<Integer> places) {}

  /** The writes of a call, in the order to carry them out. */
  static <T> List<Round> of(List<T> items, Function<T, Key> key) {
    Map<Key, Integer> times = new HashMap<>();
    Map<Key, List<Integer>> rounds = new LinkedHashMap<>(); // by queue and number of the round
    for (int place = 0; place < items.size(); place++) {
      Key of = key.apply(items.get(place));
      int round = times.merge(of, 1, Integer::sum);
      rounds
          .computeIfAbsent(new Key(of.queue(), Integer.toString(round)), none -> new ArrayList<>())
          .add(place);
    }
    List<Round> writes = new ArrayList<>();
    rounds.forEach(
        (round, places) -> {
          for (int from = 0; from < places.size(); from += LARGEST) {
            List<Integer> some = places.subList(from, Math.min(from + LARGEST, places.size()));
            writes.add(new Round(round.queue(), some));
          }
        });
    return writes;
  }
}
