package dev.pitstop.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.pitstop.broker.Threads;
import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One connection, which can be cut at any time, also while it is made or while a write hangs.
 * Thread-safe.
 */
final class Link implements AutoCloseable {
  private static final int HEARTBEAT_SECONDS = 10;
  private static final int CLOSE_MILLIS = 1_000;

  private final Settings settings;
  private final String name;

  /* Guarded by this. */
  private @Nullable Socket socket;
  private boolean cut;

  private volatile @Nullable Connection connection;

  Link(Settings settings, String name) {
    this.settings = settings;
    this.name = name;
  }

  /** Connects to the first of the hosts that answers. */
  void open() throws IOException, TimeoutException {
    List<Address> hosts =
        settings.address().hosts().stream()
            .map(host -> new Address(host.name(), host.portOr(usualPort())))
            .toList();
    connection = factory().newConnection(hosts, name);
  }

  private int usualPort() {
    return settings.tls()
        ? ConnectionFactory.DEFAULT_AMQP_OVER_SSL_PORT
        : ConnectionFactory.DEFAULT_AMQP_PORT;
  }

  private ConnectionFactory factory() throws IOException {
    ConnectionFactory factory = new ConnectionFactory();
    settings.address().user().ifPresent(factory::setUsername);
    settings.address().password().ifPresent(factory::setPassword);
    factory.setVirtualHost(settings.vhost());
    // what goes on after a loss is this module's to say: see Reconnecting
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(settings.timeoutMillis());
    factory.setHandshakeTimeout(settings.timeoutMillis());
    factory.setChannelRpcTimeout(settings.timeoutMillis());
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setThreadFactory(Threads.named(name));
    factory.setExceptionHandler(new Quiet());
    if (settings.tls()) {
      try {
        factory.useSslProtocol(SSLContext.getDefault());
      } catch (NoSuchAlgorithmException e) {
        throw new IOException("no TLS: " + e.getMessage(), e);
      }
      factory.enableHostnameVerification();
    }
    factory.setSocketConfigurator(this::made);
    return factory;
  }

  private void made(Socket made) throws IOException {
    made.setTcpNoDelay(true);
    synchronized (this) {
      socket = made;
      if (cut) {
        made.close();
      }
    }
  }

  Connection connection() {
    return Objects.requireNonNull(connection, "not open");
  }

  /** Ends it at once; whoever reads or writes gets an error. */
  void cut() {
    Socket current;
    synchronized (this) {
      cut = true;
      current = socket;
    }
    if (current != null) {
      try {
        current.close();
      } catch (IOException e) {
        // it is of no use any more, which was wanted
        Quiet.debug(name, e);
      }
    }
  }

  /** Ends it, telling RabbitMQ where that can be done within a second. */
  @Override
  public void close() {
    Connection current = connection;
    if (current != null) {
      current.abort(CLOSE_MILLIS);
    }
    cut();
  }
}
