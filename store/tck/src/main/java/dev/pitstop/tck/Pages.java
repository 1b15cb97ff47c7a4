package dev.pitstop.tck;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Store;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The pages of a listing, one after the other. Immutable.
 *
 * @param size of a page
 */
record Pages(Store store, String queue, Filter filter, int size) {
  Pages(Store store, String queue) {
    this(store, queue, Filter.ALL, 100);
  }

  void forEach(Consumer<List<Entry>> use) {
    Optional<String> from = Optional.empty();
    do {
      Page<Entry> page = store.list(queue, filter, from, size);
      if (page.items().size() > size) {
        throw new AssertionError(
            "a page of at most " + size + " has " + page.items().size() + " entries");
      }
      if (page.next().isPresent() && page.next().equals(from)) {
        throw new AssertionError("a page of " + queue + " leads to itself: " + from);
      }
      use.accept(page.items());
      from = page.next();
    } while (from.isPresent());
  }
}
