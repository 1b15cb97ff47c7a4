package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** T07 and S06: listing in pages. */
interface ListingRules extends Rules {
  @Test
  default void T07_listsByDueTimeThenBuriedOnesInTheOrderTheyWereBuried() {
    Trial t = trial();
    t.put(t.due("to bury"));
    Entry last = t.leaseOnly();
    t.put(t.due("buried first").buried("1"), t.later("third", 7), t.later("second", 5));
    t.pass(Duration.ofMillis(2));
    t.put(t.due("leased"), t.due("buried second").buried("2"));
    t.leaseOnly();
    t.pass(Duration.ofMillis(2));
    assertThat(t.settle(Trial.bury(last, "3"))).isTrue();
    assertThat(Trial.ids(t.listAll(Trial.QUEUE)))
        .containsExactly("leased", "second", "third", "buried first", "buried second", "to bury");
    assertThat(ids(t, State.SCHEDULED)).containsExactly("second", "third");
    assertThat(ids(t, State.LEASED)).containsExactly("leased");
    assertThat(ids(t, State.BURIED)).containsExactly("buried first", "buried second", "to bury");
  }

  @Test
  default void T07_smallPagesShowEachMessageOnce() {
    Trial t = trial();
    List<String> ids = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    Instant first = t.in(50);
    for (int i = 0; i < 2_500; i++) {
      String id = "m" + i;
      ids.add(id);
      Sample sample = new Sample(id, first.plusMillis(i / 3)); // many at the same time
      samples.add(i < 2_300 ? sample : sample.buried("aside"));
    }
    t.putAll(samples);
    for (int size : new int[] {7, 100, 1_000}) {
      List<String> seen = new ArrayList<>();
      new Pages(t.store(), Trial.QUEUE, Filter.ALL, size)
          .forEach(page -> seen.addAll(Trial.ids(page)));
      assertThat(seen).as("pages of %s", size).isEqualTo(ids);
    }
    for (State state : State.values()) {
      List<String> expected =
          switch (state) {
            case SCHEDULED -> ids.subList(0, 2_300);
            case LEASED -> List.of();
            case BURIED -> ids.subList(2_300, 2_500);
          };
      List<String> seen = new ArrayList<>();
      new Pages(t.store(), Trial.QUEUE, Filter.of(state), 33)
          .forEach(page -> seen.addAll(Trial.ids(page)));
      assertThat(seen).as("pages of %s", state).isEqualTo(expected);
    }
  }

  @Test
  default void T07_pagesEndWhereTheListEnds() {
    Trial t = trial();
    t.put(
        t.later("a", 1), t.later("b", 2), t.later("c", 3).buried("x"), t.later("d", 4).buried("x"));
    assertThat(page(t, Filter.ALL, Optional.empty(), 4).next()).isEmpty();
    assertThat(page(t, Filter.ALL, Optional.empty(), 5).next()).isEmpty();
    Page<Entry> two = page(t, Filter.ALL, Optional.empty(), 2);
    assertThat(Trial.ids(two.items())).containsExactly("a", "b");
    assertThat(two.next()).isPresent();
    Page<Entry> rest = page(t, Filter.ALL, two.next(), 2);
    assertThat(Trial.ids(rest.items())).containsExactly("c", "d");
    assertThat(rest.next()).isEmpty();
    assertThat(page(t, Filter.of(State.LEASED), Optional.empty(), 2))
        .isEqualTo(new Page<>(List.of(), Optional.empty()));
    assertThat(t.store().list("nowhere", Filter.ALL, Optional.empty(), 10))
        .isEqualTo(new Page<>(List.of(), Optional.empty()));
  }

  @Test
  default void T07_whatGoesBetweenPagesMovesNothingElse() {
    Trial t = trial();
    List<String> ids = new ArrayList<>();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      samples.add(t.later("m" + i, 10 + i));
      ids.add("m" + i);
    }
    Collections.shuffle(samples, new Random(5));
    t.putAll(samples);
    List<String> seen = new ArrayList<>();
    new Pages(t.store(), Trial.QUEUE, Filter.ALL, 10)
        .forEach(
            page -> {
              seen.addAll(Trial.ids(page));
              List<Key> shown = page.stream().map(Entry::key).toList();
              t.store().remove(shown.subList(5, 10)); // the one the next page begins after as well
              t.put(t.due("new" + seen.size()));
            });
    assertThat(seen).isEqualTo(ids);
  }

  @Test
  default void S06_foreignCursorsAreRefused() {
    Trial t = trial();
    t.put(t.due("a"), t.due("b"));
    for (String foreign :
        List.of(
            "",
            "x",
            "1",
            "-1",
            "b",
            "due",
            "\u0000",
            "\uD83D\uDE00",
            "../..",
            "'",
            "=".repeat(5_000))) {
      assertThatThrownBy(() -> page(t, Filter.ALL, Optional.of(foreign), 10))
          .as("cursor %s", foreign)
          .isInstanceOfSatisfying(
              InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("from"));
    }
  }

  private static Page<Entry> page(Trial t, Filter filter, Optional<String> from, int limit) {
    return t.store().list(Trial.QUEUE, filter, from, limit);
  }

  private static List<String> ids(Trial t, State state) {
    return Trial.ids(page(t, Filter.of(state), Optional.empty(), 100).items());
  }
}
