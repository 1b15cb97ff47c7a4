package dev.pitstop.server;

import dev.pitstop.PitstopOptions;
import dev.pitstop.server.api.Bounds;
import dev.pitstop.server.config.QueueSettings;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.webhook.Webhooks;
import dev.pitstop.spi.Address;
import java.time.Duration;
import java.util.List;

/**
 * How a server is set. Immutable; each method returns a changed copy.
 *
 * @param store the address of the store
 * @param maxBody how many bytes a message's body has at most
 * @param bounds how much one request may hold
 * @param web how requests are taken
 * @param security who may call
 * @param queues what holds for the messages of some queues
 * @param targets what holds for all targets
 * @param drain how long the end waits for what is under way
 */
public record ServerSettings(
    String store,
    int maxBody,
    Bounds bounds,
    Web.Settings web,
    Security security,
    List<QueueSettings> queues,
    Webhooks.Settings targets,
    Duration drain) {

  /** Copies. */
  public ServerSettings {
    queues = List.copyOf(queues);
  }

  /** On the embedded store in the directory {@code pitstop-data}, at port 8025 of the loopback. */
  public static ServerSettings defaults() {
    return new ServerSettings(
        "rocksdb:./pitstop-data",
        PitstopOptions.defaults().maxBody(),
        Bounds.defaults(),
        Web.Settings.defaults(),
        Security.defaults(),
        List.of(),
        Webhooks.Settings.defaults(),
        Duration.ofSeconds(20));
  }

  /** On another store. */
  public ServerSettings store(String store) {
    return new ServerSettings(store, maxBody, bounds, web, security, queues, targets, drain);
  }

  /** With another largest body, in bytes. */
  public ServerSettings maxBody(int maxBody) {
    return new ServerSettings(store, maxBody, bounds, web, security, queues, targets, drain);
  }

  /** With other bounds of one request. */
  public ServerSettings bounds(Bounds bounds) {
    return new ServerSettings(store, maxBody, bounds, web, security, queues, targets, drain);
  }

  /** Taking requests otherwise. */
  public ServerSettings web(Web.Settings web) {
    return new ServerSettings(store, maxBody, bounds, web, security, queues, targets, drain);
  }

  /** Called by others. */
  public ServerSettings security(Security security) {
    return new ServerSettings(store, maxBody, bounds, web, security, queues, targets, drain);
  }

  /** With other settings of queues. */
  public ServerSettings queues(List<QueueSettings> queues) {
    return new ServerSettings(store, maxBody, bounds, web, security, queues, targets, drain);
  }

  /** With other settings of all targets. */
  public ServerSettings targets(Webhooks.Settings targets) {
    return new ServerSettings(store, maxBody, bounds, web, security, queues, targets, drain);
  }

  /** Where the store is, without passwords, and nothing of the tokens. */
  @Override
  public String toString() {
    return "server on " + Address.parse(store) + " at " + web.host() + ":" + web.port();
  }
}
