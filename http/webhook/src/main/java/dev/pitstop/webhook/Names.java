package dev.pitstop.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of names. A name is looked up once at a time, so that one whose look-up hangs
 * holds one thread only. Thread-safe.
 */
final class Names {
  /** What finds all addresses of a name. */
  @FunctionalInterface
  interface Lookup {
    InetAddress[] all(String host) throws UnknownHostException;
  }

  /** All addresses of a name are in networks that a target must not be in. */
  static final class RefusedAddressException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedAddressException(String host) {
      super(
          host
              + " is not an address of the public internet; allowPrivate lets the target be in a"
              + " private network");
    }
  }

  private final Lookup lookup;
  private final Executor executor;
  private final ConcurrentMap<String, CompletableFuture<InetAddress[]>> running =
      new ConcurrentHashMap<>();

  Names(Lookup lookup, Executor executor) {
    this.lookup = lookup;
    this.executor = executor;
  }

  /**
   * What resolves names for connections. The addresses that it gives are those that are connected
   * to, so a name cannot mean another address later.
   */
  SocketAddressResolver resolver(boolean allowPrivate) {
    return (host, port, context, promise) ->
        all(host)
            .whenComplete(
                (found, failure) -> tell(host, port, found, failure, allowPrivate, promise));
  }

  private static void tell(
      String host,
      int port,
      InetAddress[] found,
      @Nullable Throwable failure,
      boolean allowPrivate,
      Promise<List<InetSocketAddress>> promise) {
    if (failure != null) {
      promise.failed(
          failure instanceof CompletionException e && e.getCause() != null
              ? e.getCause()
              : failure);
      return;
    }
    List<InetSocketAddress> allowed =
        Arrays.stream(found)
            .filter(address -> allowPrivate || Networks.isPublic(address))
            .map(address -> new InetSocketAddress(address, port))
            .toList();
    if (allowed.isEmpty()) {
      promise.failed(new RefusedAddressException(host));
    } else {
      promise.succeeded(allowed);
    }
  }

  private CompletableFuture<InetAddress[]> all(String host) {
    CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
    CompletableFuture<InetAddress[]> before = running.putIfAbsent(host, mine);
    if (before != null) {
      return before;
    }
    try {
      executor.execute(() -> find(host, mine));
    } catch (RuntimeException e) {
      running.remove(host, mine);
      mine.completeExceptionally(e);
    }
    return mine;
  }

  private void find(String host, CompletableFuture<InetAddress[]> mine) {
    try {
      InetAddress[] found = lookup.all(host);
      running.remove(host, mine);
      mine.complete(found);
    } catch (UnknownHostException | RuntimeException e) {
      running.remove(host, mine);
      mine.completeExceptionally(e);
    }
  }
}
