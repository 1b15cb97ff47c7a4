package dev.pitstop.mongodb;

import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.Duration;
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

  /** Half a round trip to a server in this process, which a busy machine makes long. */
  @Override
  protected Duration precision() {
    return Duration.ofMillis(15);
  }

  @Override
  protected int crowd() {
    return TestServer.isReal() ? super.crowd() : 2_000;
  }
}
