package dev.pitstop.mongodb;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server for tests: the real MongoDB at {@code PITSTOP_TEST_MONGODB} where that is set, as {@code
 * mongodb://localhost:27017}, otherwise one that speaks its protocol, in this process. Thread-safe.
 */
final class TestServer {
  private static final @Nullable String REAL = System.getenv("PITSTOP_TEST_MONGODB");
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static @Nullable InetSocketAddress inProcess;

  private TestServer() {}

  /** Whether it is a real MongoDB. */
  static boolean isReal() {
    return REAL != null && !REAL.isBlank();
  }

  /** The address of a database that is nobody else's. */
  static String freshDatabase() {
    return database(
        "pitstop-test-" + ProcessHandle.current().pid() + "-" + DATABASES.incrementAndGet());
  }

  /** The address of a database by its name. */
  static String database(String name) {
    String real = REAL;
    if (real == null || real.isBlank()) {
      InetSocketAddress at = inProcess();
      return "mongodb://" + at.getHostString() + ":" + at.getPort() + "/" + name;
    }
    int query = real.indexOf('?');
    String servers = (query < 0 ? real : real.substring(0, query)).replaceFirst("/$", "");
    return servers + "/" + name + (query < 0 ? "" : real.substring(query));
  }

  /** An address with one more option. */
  static String with(String address, String option) {
    return address + (address.contains("?") ? "&" : "?") + option;
  }

  static Store open(String address) {
    return new MongoStoreFactory().open(Address.parse(with(address, "wakePoll=500ms")));
  }

  private static synchronized InetSocketAddress inProcess() {
    if (inProcess == null) {
      inProcess = new MongoServer(new MemoryBackend()).bind();
    }
    return inProcess;
  }
}
