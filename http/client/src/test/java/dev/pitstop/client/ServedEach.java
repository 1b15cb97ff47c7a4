package dev.pitstop.client;

import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The servers of a test, one for each directory; they end after all else of the test. */
final class ServedEach implements AfterEachCallback {
  private final Map<Path, Served> servers = new LinkedHashMap<>();

  /** A client of the server of a directory, which is started when there is none. */
  Store client(Path directory, Supplier<String> store) {
    return servers.computeIfAbsent(directory, none -> Served.on(store.get())).client();
  }

  /** Ends the server of a client. */
  void end(Store client) {
    servers.values().removeIf(server -> endIf(server, client));
  }

  private static boolean endIf(Served server, Store client) {
    if (server.has(client)) {
      server.close();
      return true;
    }
    return false;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    servers.values().forEach(Served::close);
    servers.clear();
  }
}
