package dev.pitstop.server;

import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import dev.pitstop.testing.FaultyStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Opens {@code faulty:NAME}, a store in memory whose calls fail when a test says so. */
public final class FaultyStoreFactory implements StoreFactory {
  private static final Map<String, FaultyStore> OPEN = new ConcurrentHashMap<>();

  /** The store that was opened under a name last. */
  public static FaultyStore store(String name) {
    return Objects.requireNonNull(OPEN.get(name), name);
  }

  @Override
  public Set<String> schemes() {
    return Set.of("faulty");
  }

  @Override
  public List<Option<?>> options() {
    return List.of();
  }

  @Override
  public Store open(Address address) {
    FaultyStore store = FaultyStore.over(new MemoryStore());
    OPEN.put(address.rest(), store);
    return store;
  }
}
