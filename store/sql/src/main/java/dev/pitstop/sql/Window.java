package dev.pitstop.sql;

import dev.pitstop.Filter;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A window of due times, in milliseconds since 1970.
 *
 * @param first the first within it
 * @param end what is before this is within it
 */
record Window(long first, long end) {
  /** Those that lie between edges. */
  static List<Window> between(List<Instant> edges) {
    return IntStream.range(1, edges.size())
        .mapToObj(i -> of(Filter.ALL.dueFrom(edges.get(i - 1)).dueBefore(edges.get(i))))
        .toList();
  }

  static Window of(Filter filter) {
    return new Window(filter.firstMillis(), filter.endMillis());
  }

  /** Behind which position its first lies. */
  Position before() {
    return first == Long.MIN_VALUE ? Position.START : new Position(first - 1, Long.MAX_VALUE);
  }
}
