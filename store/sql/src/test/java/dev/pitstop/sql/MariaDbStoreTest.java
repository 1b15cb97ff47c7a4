package dev.pitstop.sql;

import dev.pitstop.servers.TestDatabases;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The conformance kit on MariaDB. */
final class MariaDbStoreTest extends StoreContract {
  private final Map<Path, String> databases = new HashMap<>();

  @Override
  protected Store open(Path directory, InstantSource clock) {
    String address = databases.computeIfAbsent(directory, none -> TestDatabases.freshMariaDb());
    return new SqlStoreFactory().open(Address.parse(address));
  }
}
