package dev.pitstop.memory;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The messages of one queue in their orders. Not thread-safe: used under the store's lock. */
final class MemoryQueue {
  static final long NEVER = Long.MAX_VALUE;

  private final NavigableMap<String, Kept> byId = new TreeMap<>();
  private final Map<State, NavigableMap<Place, Kept>> byState = new EnumMap<>(State.class);
  private final NavigableSet<Kept> byLeaseEnd = new TreeSet<>(Kept.BY_LEASE_END);

  MemoryQueue() {
    for (State state : State.values()) {
      byState.put(state, new TreeMap<>());
    }
  }

  int size() {
    return byId.size();
  }

  @Nullable Kept get(String id) {
    return byId.get(id);
  }

  /** Takes a message in, in place of the one of its id. */
  void set(Kept kept) {
    remove(kept.key().id());
    byId.put(kept.key().id(), kept);
    in(kept.entry().state()).put(kept.place(), kept);
    if (kept.entry().state() == State.LEASED) {
      byLeaseEnd.add(kept);
    }
  }

  boolean remove(String id) {
    Kept kept = byId.remove(id);
    if (kept == null) {
      return false;
    }
    in(kept.entry().state()).remove(kept.place());
    if (kept.entry().state() == State.LEASED) {
      byLeaseEnd.remove(kept);
    }
    return true;
  }

  /** Lets those wait again whose lease has run out. */
  void expire(long now) {
    while (!byLeaseEnd.isEmpty() && byLeaseEnd.first().leaseEnd() <= now) {
      set(byLeaseEnd.first().expired());
    }
  }

  /** The first that waits; null when none does. */
  @Nullable Kept firstWaiting() {
    Map.Entry<Place, Kept> first = in(State.SCHEDULED).firstEntry();
    return first == null ? null : first.getValue();
  }

  /** When something can be leased next, in milliseconds since 1970; {@link #NEVER} too. */
  long nextLeasable() {
    Kept first = firstWaiting();
    long due = first == null ? NEVER : first.place().at();
    return byLeaseEnd.isEmpty() ? due : Math.min(due, byLeaseEnd.first().leaseEnd());
  }

  List<Kept> buried() {
    return List.copyOf(in(State.BURIED).values());
  }

  Page<Entry> page(Filter filter, Place after, int limit) {
    Place start = Place.startOf(filter.firstMillis());
    Place from = start.compareTo(after) < 0 ? after : start;
    Place end = filter.buried() ? Place.END : Place.startOf(filter.endMillis());
    List<Kept> found =
        Stream.of(State.values())
            .filter(state -> filter.state().isEmpty() || filter.state().get() == state)
            .flatMap(
                state ->
                    stream(in(state).tailMap(from, false))
                        .takeWhile(kept -> kept.place().compareTo(end) < 0)
                        .limit(limit + 1L))
            .sorted(Comparator.comparing(Kept::place))
            .limit(limit + 1L)
            .toList();
    return page(found, limit, last -> last.place().toString());
  }

  /** Those whose ids begin with a text, in the order of their UTF-16 units. */
  Page<Entry> search(String prefix, Optional<String> after, int limit) {
    List<Kept> found =
        stream(byId.tailMap(after.orElse(prefix), after.isEmpty()))
            .takeWhile(kept -> kept.key().id().startsWith(prefix))
            .limit(limit + 1L)
            .toList();
    return page(found, limit, last -> last.key().id());
  }

  /** A page of what was found, which is one more than fits when there are more. */
  private static Page<Entry> page(List<Kept> found, int limit, Function<Kept, String> cursor) {
    boolean more = found.size() > limit;
    List<Kept> page = more ? found.subList(0, limit) : found;
    return new Page<>(
        page.stream().map(Kept::entry).toList(),
        more ? Optional.of(cursor.apply(page.get(limit - 1))) : Optional.empty());
  }

  List<Long> countDue(List<Instant> edges, int most) {
    return IntStream.range(1, edges.size())
        .mapToObj(
            i -> {
              Filter window = Filter.ALL.dueFrom(edges.get(i - 1)).dueBefore(edges.get(i));
              Place from = Place.startOf(window.firstMillis());
              Place to = Place.startOf(window.endMillis());
              return Stream.of(State.SCHEDULED, State.LEASED)
                  .flatMap(state -> stream(in(state).subMap(from, true, to, false)).limit(most))
                  .limit(most)
                  .count();
            })
        .toList();
  }

  QueueStats stats(String name, boolean paused) {
    Kept first = firstWaiting();
    return new QueueStats(
        name,
        in(State.SCHEDULED).size(),
        in(State.LEASED).size(),
        in(State.BURIED).size(),
        first == null ? Optional.empty() : Optional.of(Instant.ofEpochMilli(first.place().at())),
        paused);
  }

  /** Of part of a map; its own stream would count the part first. */
  private static <K> Stream<Kept> stream(NavigableMap<K, Kept> part) {
    Iterator<Kept> values = part.values().iterator();
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(values, 0), false);
  }

  private NavigableMap<Place, Kept> in(State state) {
    return Objects.requireNonNull(byState.get(state));
  }
}
