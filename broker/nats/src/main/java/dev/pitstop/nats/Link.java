package dev.pitstop.nats;

import dev.pitstop.broker.Threads;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection, which is never made anew: what comes after it is another. Thread-safe. */
final class Link implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
  private static final Duration LONGEST_PING = Duration.ofSeconds(10);
  private static final int PINGS_OUT = 3;

  private final Settings settings;
  private final String name;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private volatile @Nullable Connection connection;
  private volatile String said = "";

  Link(Settings settings, String name) {
    this.settings = settings;
    this.name = name;
    threads = Executors.newCachedThreadPool(Threads.named(name));
    timer = Executors.newScheduledThreadPool(1, Threads.named(name + " timer"));
  }

  /** Connects to one of the hosts that answers. */
  void open() throws IOException, InterruptedException {
    try {
      connection = Nats.connect(options());
    } catch (IOException e) {
      throw said.isEmpty() ? e : new IOException(e.getMessage() + ": " + said, e);
    }
  }

  private Options options() throws IOException {
    Duration timeout = settings.timeout();
    Options.Builder builder =
        new Options.Builder()
            .servers(
                settings.address().hosts().stream()
                    .map(host -> scheme() + host.name() + ":" + host.portOr(Options.DEFAULT_PORT))
                    .toArray(String[]::new))
            .ignoreDiscoveredServers()
            .connectionName(name)
            .dataPortType(NatsPort.class.getName())
            .supportUTF8Subjects()
            // what goes on after a loss is this module's to say: see Reconnecting
            .noReconnect()
            .reconnectBufferSize(0)
            // sooner than a message fails, so that its reason can be said
            .connectionTimeout(shorter(timeout.dividedBy(2), LONGEST_CONNECT))
            .socketWriteTimeout(timeout)
            .writeQueuePushTimeout(timeout)
            // the sender has a time limit of its own, this one must not be sooner
            .requestCleanupInterval(timeout.multipliedBy(2))
            .pingInterval(shorter(timeout, LONGEST_PING))
            .maxPingsOut(PINGS_OUT)
            .dontForceFlushOnRequest()
            .executor(threads)
            .scheduledExecutor(timer)
            .connectExecutor(threads)
            .callbackExecutor(threads)
            .connectionListener((made, event) -> happened(event))
            .errorListener(new Errors());
    settings
        .address()
        .user()
        .ifPresent(
            user ->
                builder.userInfo(
                    user.toCharArray(), settings.address().password().orElse("").toCharArray()));
    settings.token().ifPresent(token -> builder.token(token.toCharArray()));
    if (settings.tls()) {
      try {
        builder.sslContext(SSLContext.getDefault());
      } catch (NoSuchAlgorithmException e) {
        throw new IOException("no TLS: " + e.getMessage(), e);
      }
    }
    return builder.build();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private String scheme() {
    return settings.tls() ? "tls://" : "nats://";
  }

  private void happened(Events event) {
    if (event == Events.CLOSED) {
      ended.complete(null);
    }
  }

  /** Tells of errors when debugging, and keeps the last. */
  private final class Errors implements ErrorListener {
    @Override
    public void errorOccurred(Connection from, String error) {
      LOG.debug("{}: {}", name, error);
      said = error;
    }

    @Override
    public void exceptionOccurred(Connection from, Exception exception) {
      LOG.debug("{}", name, exception);
      said = Reconnecting.reason(exception);
    }
  }

  Connection connection() {
    return Objects.requireNonNull(connection, "not open");
  }

  boolean isOpen() {
    return !ended.isDone();
  }

  /** Completes when the connection is lost or closed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** The last error that NATS or the machine told of; empty when there was none. */
  String said() {
    return said;
  }

  /** What it ended by. */
  IOException lost() {
    return new IOException("the connection was lost" + (said.isEmpty() ? "" : ": " + said));
  }

  /** Ends it; what waits for an answer fails. */
  @Override
  public void close() {
    Connection current = connection;
    try {
      if (current != null) {
        current.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.complete(null);
      threads.shutdown();
      timer.shutdownNow();
    }
  }
}
