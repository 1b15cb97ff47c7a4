package dev.pitstop.sql;

import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import dev.pitstop.tck.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The conformance kit on PostgreSQL behind PgBouncer, which gives each transaction another one. */
final class PoolerStoreTest extends StoreContract {
  @SuppressWarnings("NullAway.Init")
  private static Pooler pooler;

  @SuppressWarnings("NullAway.Init")
  private static String database;

  private final Map<Path, String> addresses = new HashMap<>();
  private static int opened;

  @BeforeAll
  static void start() {
    pooler = Pooler.start("transaction");
    database = pooler.freshDatabase();
  }

  @AfterAll
  static void end() {
    pooler.close();
  }

  /** Without prepared statements they take longer. */
  @Override
  protected int crowd() {
    return 2_000;
  }

  @Override
  protected Store open(Path directory, InstantSource clock) {
    String address =
        addresses.computeIfAbsent(
            directory, none -> pooler.bouncer().address(database) + "?table=t" + ++opened);
    return new SqlStoreFactory().open(Address.parse(address));
  }
}
