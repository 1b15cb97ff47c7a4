package dev.pitstop.client;

import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Opens {@code given:NUMBER}, a store that a test has given, as one that goes by its clock. */
public final class GivenStoreFactory implements StoreFactory {
  private static final Map<String, Supplier<Store>> GIVEN = new ConcurrentHashMap<>();
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** The address of a store, which is opened once. */
  static String address(Supplier<Store> store) {
    String number = Integer.toString(NUMBERS.incrementAndGet());
    GIVEN.put(number, store);
    return "given:" + number;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("given");
  }

  @Override
  public List<Option<?>> options() {
    return List.of();
  }

  @Override
  public Store open(Address address) {
    return Objects.requireNonNull(GIVEN.remove(address.rest())).get();
  }
}
