package dev.pitstop.client;

import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens {@code clocked:NUMBER}, a store in memory that goes by the clock of a test. */
public final class ClockedStoreFactory implements StoreFactory {
  private static final Map<String, InstantSource> CLOCKS = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** The address of a store that goes by a clock. */
  static String address(InstantSource clock) {
    String number = Integer.toString(NUMBERS.incrementAndGet());
    CLOCKS.put(number, clock);
    return "clocked:" + number;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("clocked");
  }

  @Override
  public List<Option<?>> options() {
    return List.of();
  }

  @Override
  public Store open(Address address) {
    return MemoryStore.on(Objects.requireNonNull(CLOCKS.remove(address.rest())));
  }
}
