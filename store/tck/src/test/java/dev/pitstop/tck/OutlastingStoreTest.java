package dev.pitstop.tck;

import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.time.InstantSource;

/** The tests of reopening pass where nothing is lost. */
final class OutlastingStoreTest extends StoreContract {
  @Override
  protected Store open(Path directory, InstantSource clock) {
    return OutlastingStore.open(directory, clock);
  }
}
