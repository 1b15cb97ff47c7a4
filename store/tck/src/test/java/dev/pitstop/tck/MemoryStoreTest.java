package dev.pitstop.tck;

import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.time.InstantSource;

final class MemoryStoreTest extends StoreContract {
  @Override
  protected Store open(Path directory, InstantSource clock) {
    return MemoryStore.on(clock);
  }
}
