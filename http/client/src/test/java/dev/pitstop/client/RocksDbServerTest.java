package dev.pitstop.client;

import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The conformance kit on clients of a server whose store is the embedded one, in real time. */
final class RocksDbServerTest extends StoreContract {
  @RegisterExtension private final ServedEach servers = new ServedEach();

  @Override
  protected Store open(Path directory, InstantSource clock) {
    return servers.client(directory, () -> "rocksdb:" + directory);
  }

  @Override
  protected void crash(Store store) {
    servers.end(store);
  }

  /** Half a round trip to a server in this process, which a busy machine makes long. */
  @Override
  protected Duration precision() {
    return Duration.ofMillis(15);
  }

  @Override
  protected Duration span() {
    return Duration.ofMillis(200);
  }

  @Override
  protected int crowd() {
    return 2_000;
  }
}
