package dev.pitstop.client;

import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The conformance kit on clients of a server whose store is in memory. */
final class MemoryServerTest extends StoreContract {
  @RegisterExtension private final ServedEach servers = new ServedEach();

  @Override
  protected Store open(Path directory, InstantSource clock) {
    return servers.client(directory, clock, () -> MemoryStore.on(clock));
  }

  @Override
  protected int crowd() {
    return 2_000;
  }
}
