package dev.pitstop.rocksdb;

import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;

/** The store keeps the contract. */
final class RocksDbStoreTest extends StoreContract {
  @Override
  protected Store open(Path directory, InstantSource clock) {
    return RocksDbStore.open(directory, true, clock);
  }
}
