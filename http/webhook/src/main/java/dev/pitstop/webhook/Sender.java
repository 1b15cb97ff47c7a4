package dev.pitstop.webhook;

import dev.pitstop.PitstopException;
import dev.pitstop.webhook.Reply.Outcome;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Posts to targets over connections that are kept, those of each destination its own. It follows no
 * redirect, keeps no cookie, uses no proxy and no credentials. Thread-safe.
 */
public final class Sender implements AutoCloseable {
  private static final int MOST_POSTS = 1_000;
  private static final int MOST_LOOKUPS = 64;
  private static final int HEADER_BYTES = 128 * 1024;
  private static final int ANSWER_HEADER_BYTES = 16 * 1024;
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final QueuedThreadPool threads = new QueuedThreadPool(16, 2);
  private final ThreadPoolExecutor lookups;
  private final HttpClient guarded;
  private final HttpClient open;
  private volatile boolean closed;

  /**
   * Begins to keep connections.
   *
   * @param trusted certificates that targets are trusted by, besides those that the Java machine
   *     trusts
   */
  public Sender(Collection<X509Certificate> trusted) {
    this(InetAddress::getAllByName, trusted);
  }

  /** One that looks up names otherwise. */
  Sender(Names.Lookup lookup, Collection<X509Certificate> trusted) {
    threads.setName("pitstop-post");
    threads.setDaemon(true);
    lookups =
        new ThreadPoolExecutor(
            0,
            MOST_LOOKUPS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "pitstop-names");
              thread.setDaemon(true);
              return thread;
            });
    Names names = new Names(lookup, lookups);
    guarded = client(names, false, trusted);
    open = client(names, true, trusted);
    try {
      threads.start();
      guarded.start();
      open.start();
    } catch (Exception e) {
      throw new PitstopException("what posts to targets cannot be started: " + e, e);
    }
  }

  private HttpClient client(
      Names names, boolean allowPrivate, Collection<X509Certificate> trusted) {
    HttpClient client = new HttpClient();
    client.setSslContextFactory(Trust.factory(trusted));
    client.setName("pitstop-post");
    client.setExecutor(threads);
    client.setSocketAddressResolver(names.resolver(allowPrivate));
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "pitstop"));
    client.setMaxConnectionsPerDestination(MOST_POSTS);
    client.setIdleTimeout(IDLE.toMillis());
    client.setDestinationIdleTimeout(IDLE.toMillis());
    client.setMaxRequestHeadersSize(HEADER_BYTES);
    client.setMaxResponseHeadersSize(ANSWER_HEADER_BYTES);
    return client;
  }

  /**
   * Posts, signed with all of the target's secrets.
   *
   * @return what came of it, within the target's time limit; it never fails
   */
  public CompletableFuture<Reply> send(Target target, Post post) {
    Answering answering = new Answering(System.nanoTime(), () -> closed);
    long timestamp = System.currentTimeMillis() / 1000;
    String signature = Signing.sign(target.secrets(), post.id(), timestamp, post.body());
    try {
      Request request =
          (target.allowPrivate() ? open : guarded)
              .newRequest(target.url())
              .method(HttpMethod.POST)
              .timeout(target.timeout().toMillis(), TimeUnit.MILLISECONDS)
              .body(new BytesRequestContent(post.contentType(), post.body()))
              .headers(
                  headers -> {
                    post.headers().forEach(header -> headers.add(header.name(), header.value()));
                    headers.put("webhook-id", post.id());
                    headers.put("webhook-timestamp", Long.toString(timestamp));
                    if (!signature.isEmpty()) {
                      headers.put("webhook-signature", signature);
                    }
                  });
      request.send(answering);
    } catch (RuntimeException e) {
      answering.failed(0, e);
    }
    return answering.reply();
  }

  /** Ends posts under way; each is answered {@link Outcome#STOPPED}. */
  @Override
  public void close() {
    closed = true;
    try {
      guarded.stop();
      open.stop();
      threads.stop();
    } catch (Exception e) {
      throw new PitstopException("what posts to targets cannot be stopped: " + e, e);
    } finally {
      lookups.shutdownNow();
    }
  }

  /** What a failure without an answer is called. */
  static Outcome outcome(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof Names.RefusedAddressException) {
        return Outcome.REFUSED;
      }
      if (one instanceof TimeoutException) {
        return Outcome.TIMEOUT;
      }
    }
    return Outcome.UNREACHABLE;
  }

  /** A reply to a post that got no answer. */
  static Reply unanswered(Outcome outcome, Throwable failure, Duration took) {
    String error =
        switch (outcome) {
          case TIMEOUT -> "no answer within " + took.toMillis() + " ms";
          case STOPPED -> "the server stopped";
          default -> Answering.printable(Trust.words(failure).orElseGet(() -> words(failure)));
        };
    return new Reply(outcome, 0, error, Optional.empty(), took);
  }

  private static String words(Throwable failure) {
    return String.valueOf(failure.getMessage() == null ? failure : failure.getMessage());
  }
}
