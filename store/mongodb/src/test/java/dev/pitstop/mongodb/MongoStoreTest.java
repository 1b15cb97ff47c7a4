package dev.pitstop.mongodb;

import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The conformance kit. */
final class MongoStoreTest extends StoreContract {
  private final Map<Path, String> databases = new HashMap<>();

  @Override
  protected Store open(Path directory, InstantSource clock) {
    return TestServer.open(
        databases.computeIfAbsent(directory, none -> TestServer.freshDatabase()));
  }

  @Override
  protected int crowd() {
    return TestServer.isReal() ? super.crowd() : 2_000;
  }
}
