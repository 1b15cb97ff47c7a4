package dev.pitstop.client;

import dev.pitstop.rocksdb.RocksDbStoreFactory;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The conformance kit on clients of a server whose store is the embedded one. What a kill leaves is
 * the same without syncs, which cost time only.
 */
final class RocksDbServerTest extends StoreContract {
  @RegisterExtension private final ServedEach servers = new ServedEach();

  @Override
  protected Store open(Path directory, InstantSource clock) {
    Address address = Address.parse("rocksdb:" + directory + "?sync=false");
    return servers.client(directory, clock, () -> new RocksDbStoreFactory(clock).open(address));
  }

  @Override
  protected void crash(Store store) {
    servers.end(store);
  }

  @Override
  protected int crowd() {
    return 2_000;
  }
}
