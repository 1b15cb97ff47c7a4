package dev.pitstop;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Part of a list.
 *
 * @param items in the list's order
 * @param next where the rest begins, an opaque text for the call that gave this page; empty at the
 *     end
 */
public record Page<T>(List<T> items, Optional<String> next) {
  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }

  /** The same page of other things. */
  public <U> Page<U> map(Function<? super T, ? extends U> change) {
    return new Page<>(items.stream().<U>map(change).toList(), next);
  }
}
