package dev.pitstop.client;

import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The servers of a test, one for each directory, on stores that go by the test's clock; they end
 * after all else of the test.
 */
final class ServedEach implements AfterEachCallback {
  private final Map<Path, Served> servers = new LinkedHashMap<>();
  private final Map<Store, Path> directories = new LinkedHashMap<>();

  /** A client of the server of a directory, which is started when there is none. */
  Store client(Path directory, InstantSource clock, Supplier<Store> store) {
    Served server =
        servers.computeIfAbsent(directory, none -> Served.on(GivenStoreFactory.address(store)));
    Store client = ByTheClock.of(server.client(), clock);
    directories.put(client, directory);
    return client;
  }

  /** Ends the server of a client. */
  void end(Store client) {
    Served server = servers.remove(directories.get(client));
    if (server != null) {
      server.close();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    servers.values().forEach(Served::close);
    servers.clear();
  }
}
