package dev.pitstop.server;

import dev.pitstop.PitstopOptions;
import dev.pitstop.server.http.Web;

/**
 * How a server is set. Immutable; each method returns a changed copy.
 *
 * @param store the address of the store
 * @param maxBody how many bytes a message's body has at most
 * @param web how requests are taken
 */
public record ServerSettings(String store, int maxBody, Web.Settings web) {
  /** On the embedded store in the directory {@code pitstop-data}, at port 8025 of the loopback. */
  public static ServerSettings defaults() {
    return new ServerSettings(
        "rocksdb:./pitstop-data", PitstopOptions.defaults().maxBody(), Web.Settings.defaults());
  }

  /** On another store. */
  public ServerSettings store(String store) {
    return new ServerSettings(store, maxBody, web);
  }

  /** Taking requests otherwise. */
  public ServerSettings web(Web.Settings web) {
    return new ServerSettings(store, maxBody, web);
  }
}
