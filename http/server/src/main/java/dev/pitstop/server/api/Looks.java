package dev.pitstop.server.api;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at something, one look at a time: all who ask while one is under way share the next, which
 * sees what they did before. Thread-safe.
 */
public final class Looks<T> {
  private final Supplier<CompletableFuture<T>> look;
  private @Nullable CompletableFuture<T> running; // guarded by this
  private @Nullable CompletableFuture<T> next; // guarded by this

  /**
   * None yet.
   *
   * @param look begins one; what it throws is what that look came to
   */
  public Looks(Supplier<CompletableFuture<T>> look) {
    this.look = look;
  }

  /** What a look sees that begins after this call. */
  public CompletableFuture<T> fresh() {
    CompletableFuture<T> begun;
    synchronized (this) {
      if (running != null) {
        if (next == null) {
          next = new CompletableFuture<>();
        }
        return next.copy();
      }
      begun = new CompletableFuture<>();
      running = begun;
    }
    begin(begun);
    return begun.copy();
  }

  /** What the look sees that is under way; empty when there is none. */
  public synchronized Optional<CompletableFuture<T>> underWay() {
    return Optional.ofNullable(running).map(CompletableFuture::copy);
  }

  private void begin(CompletableFuture<T> into) {
    seen()
        .whenComplete(
            (seen, failure) -> {
              CompletableFuture<T> following = over();
              if (failure != null) {
                into.completeExceptionally(failure);
              } else {
                into.complete(seen);
              }
              if (following != null) {
                begin(following);
              }
            });
  }

  private CompletableFuture<T> seen() {
    try {
      return look.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** A look is over; says which is next. */
  private synchronized @Nullable CompletableFuture<T> over() {
    running = next;
    next = null;
    return running;
  }
}
