package dev.pitstop.memory;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.util.List;
import java.util.Set;

/** Opens {@code memory:}, each time a new and empty store. Thread-safe. */
public final class MemoryStoreFactory implements StoreFactory {
  /** For {@code ServiceLoader}. */
  public MemoryStoreFactory() {}

  @Override
  public Set<String> schemes() {
    return Set.of("memory");
  }

  @Override
  public List<Option<?>> options() {
    return List.of();
  }

  @Override
  public Store open(Address address) {
    if (!address.rest().isEmpty()) {
      throw new InvalidFieldException("address", "must be memory: and nothing more", address);
    }
    return new MemoryStore();
  }
}
