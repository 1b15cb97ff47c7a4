package dev.pitstop.broker;

import dev.pitstop.Deferral;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.MessageExistsException;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Stores what comes from a broker in a queue, at the time that its headers say; without one it is
 * due now. Thread-safe.
 *
 * <p>The headers that say it are not kept, so that nothing is deferred again where it goes. What
 * cannot be stored as they say is passed on as it came, with the reason in {@code pitstop-error},
 * to a place for such, and without that place refused; it is never dropped. So is what the queue
 * itself has emitted and comes back without a time, as it would go round for ever.
 */
public final class Intake implements Onward {
  private final MessageQueue<byte[]> queue;
  private final Optional<Onward> misfits;

  /**
   * An intake of a queue.
   *
   * @param misfits where messages go whose headers are not understood
   */
  public Intake(MessageQueue<byte[]> queue, Optional<Onward> misfits) {
    this.queue = queue;
    this.misfits = misfits;
  }

  @Override
  public CompletableFuture<Void> pass(Message<byte[]> message) {
    ControlHeaders control = new ControlHeaders(message);
    CompletableFuture<Void> done;
    try {
      Optional<String> removed = control.removed();
      done = removed.isPresent() ? remove(removed.get()) : store(control.deferral(queue.name()));
    } catch (PitstopException e) {
      return misfit(message, e);
    }
    return done.exceptionallyCompose(failure -> failed(message, failure));
  }

  private CompletableFuture<Void> remove(String id) {
    return queue.remove(id).thenApply(was -> null);
  }

  private CompletableFuture<Void> store(Deferral<byte[]> deferral) {
    return queue
        .store(deferral.message(), deferral.schedule(), deferral.ifPresent())
        .thenApply(stored -> null);
  }

  private CompletableFuture<Void> failed(Message<byte[]> message, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof InvalidFieldException || cause instanceof MessageExistsException
        ? misfit(message, (PitstopException) cause)
        : CompletableFuture.failedFuture(SendException.of(failure));
  }

  private CompletableFuture<Void> misfit(Message<byte[]> message, PitstopException reason) {
    if (misfits.isEmpty()) {
      return CompletableFuture.failedFuture(
          SendException.lasting(String.valueOf(reason.getMessage()), reason));
    }
    Map<String, String> headers = new LinkedHashMap<>(message.headers());
    headers.put("pitstop-error", String.valueOf(reason.getMessage()));
    return misfits.get().pass(message.headers(headers));
  }
}
