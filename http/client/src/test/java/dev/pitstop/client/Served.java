package dev.pitstop.client;

import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Web;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A server in this process on a store of its own, and the clients that a test opens on it. */
final class Served implements AutoCloseable {
  private final PitstopServer server;
  private final List<Store> clients = new ArrayList<>();

  private Served(PitstopServer server) {
    this.server = server;
  }

  /** On a store, at a port that is free. */
  static Served on(String store) {
    return on(store, 0);
  }

  /** On a store, at a port. */
  static Served on(String store, int port) {
    return with(settings -> settings.store(store).web(settings.web().port(port)));
  }

  /** Set otherwise, at a port that is free unless that is set too. */
  static Served with(UnaryOperator<ServerSettings> change) {
    return new Served(
        PitstopServer.start(
            change.apply(ServerSettings.defaults().web(Web.Settings.defaults().port(0)))));
  }

  int port() {
    return server.address().getPort();
  }

  String address() {
    return server.address().toString();
  }

  /** One more client. */
  Store client() {
    return client("");
  }

  /** One more client. */
  Store client(String options) {
    Store client = new HttpStoreFactory(Map.of()).open(Address.parse(address() + options));
    clients.add(client);
    return client;
  }

  @Override
  public void close() {
    clients.forEach(Store::close);
    server.close(Duration.ZERO);
  }
}
