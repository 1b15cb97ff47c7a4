package dev.pitstop.sql;

import dev.pitstop.servers.TestDatabases;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The conformance kit on MySQL. */
@EnabledIfEnvironmentVariable(
    named = "PITSTOP_TEST_MYSQL",
    matches = ".+",
    disabledReason =
        "needs a MySQL 8 server: PITSTOP_TEST_MYSQL=mysql://user:password@host:3306/db")
final class MySqlStoreTest extends StoreContract {
  private final Map<Path, String> databases = new HashMap<>();

  @Override
  protected Store open(Path directory, InstantSource clock) {
    String address =
        databases.computeIfAbsent(directory, none -> TestDatabases.freshMySql().orElseThrow());
    return new SqlStoreFactory().open(Address.parse(address));
  }
}
