package dev.pitstop.spi;

import java.util.List;
import java.util.Set;

/** Opens stores by their address; found by {@code ServiceLoader}. */
public interface StoreFactory {
  /** The schemes of the addresses that this factory opens: {@code rocksdb}. */
  Set<String> schemes();

  /** The options that an address may carry besides those of every store. */
  List<Option<?>> options();

  /**
   * Opens a store.
   *
   * @throws dev.pitstop.InvalidFieldException when the address cannot be one of this store
   * @throws dev.pitstop.StoreUnavailableException when it cannot be opened
   */
  Store open(Address address);
}
