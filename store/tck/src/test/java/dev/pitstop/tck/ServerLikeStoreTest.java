package dev.pitstop.tck;

import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The suite passes where time cannot be set and several processes share a store. */
final class ServerLikeStoreTest extends StoreContract {
  @Override
  protected Store open(Path directory, InstantSource clock) {
    return OutlastingStore.onServer(directory);
  }

  @Override
  protected Duration span() {
    return Duration.ofMillis(150);
  }
}
