package dev.pitstop.server.live;

import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.JsonLine;
import dev.pitstop.lines.Texts;
import dev.pitstop.lines.Words;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done with each message of a selection that still matches it. It goes through
 * the ids that were found once, so that what it moves never comes before it again. Thread-safe.
 */
final class Operation {
  private static final int AT_ONCE = 16;

  /** How an operation fares. */
  enum State {
    /** It goes on. */
    RUNNING,
    /** All messages were looked at. */
    DONE,
    /** Somebody ended it. */
    CANCELLED,
    /** The store was away. */
    STOPPED
  }

  /** What is done with one message; false when it stands otherwise by now. */
  interface Action {
    CompletableFuture<Boolean> of(MessageQueue<byte[]> queue, String id, int index);
  }

  private final String id;
  private final String name;
  private final Selection selection;
  private final MessageQueue<byte[]> queue;
  private final Action action;
  private final Executor executor;
  private final Consumer<Operation> whenChanged;
  private final Instant begun;
  private State state = State.RUNNING; // guarded by this, as is all that follows
  private int next;
  private int underWay;
  private int done;
  private int skipped;
  private int failed;
  private @Nullable String error;
  private @Nullable Instant ended;

  /**
   * An operation, not begun yet.
   *
   * @param name the verb, for people
   * @param executor what it goes on with from message to message
   * @param whenChanged hears that it has ended
   */
  Operation(
      String id,
      String name,
      Selection selection,
      MessageQueue<byte[]> queue,
      Action action,
      Executor executor,
      Consumer<Operation> whenChanged,
      Instant begun) {
    this.id = id;
    this.name = name;
    this.selection = selection;
    this.queue = queue;
    this.action = action;
    this.executor = executor;
    this.whenChanged = whenChanged;
    this.begun = begun;
  }

  String id() {
    return id;
  }

  String queue() {
    return queue.name();
  }

  synchronized boolean isRunning() {
    return state == State.RUNNING;
  }

  /** When it ended, by the machine's clock; empty while it runs. */
  synchronized Optional<Instant> ended() {
    return Optional.ofNullable(ended);
  }

  /** Begins, or goes on: there are always so many messages under way. */
  void goOn() {
    while (true) {
      int index;
      boolean over;
      synchronized (this) {
        boolean left = state == State.RUNNING && next < selection.ids().size();
        if (left && underWay >= AT_ONCE) {
          return;
        }
        over = !left && underWay == 0 && ended == null;
        if (over) {
          ended = Instant.now();
          state = state == State.RUNNING ? State.DONE : state;
        }
        if (!left && !over) {
          return;
        }
        index = next;
        if (left) {
          next++;
          underWay++;
        }
      }
      if (over) {
        whenChanged.accept(this);
        return;
      }
      one(index);
    }
  }

  private void one(int index) {
    String message = selection.ids().get(index);
    queue
        .find(message)
        .thenCompose(
            found ->
                matches(found)
                    ? action.of(queue, message, index)
                    : CompletableFuture.completedFuture(false))
        .whenCompleteAsync(
            (took, failure) -> {
              count(took, failure);
              goOn();
            },
            executor);
  }

  private boolean matches(Optional<StoredMessage> found) {
    return found.filter(selection.matching()::holds).isPresent();
  }

  private synchronized void count(@Nullable Boolean took, @Nullable Throwable failure) {
    underWay--;
    if (failure == null) {
      done += Boolean.TRUE.equals(took) ? 1 : 0;
      skipped += Boolean.TRUE.equals(took) ? 0 : 1;
      return;
    }
    failed++;
    Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
    error =
        cause instanceof PitstopException known
            ? Texts.shown(String.valueOf(known.getMessage()))
            : "the server has logged why";
    if (cause instanceof StoreUnavailableException && state == State.RUNNING) {
      state = State.STOPPED;
    }
  }

  /** Ends it after what is under way; says whether it was running. */
  synchronized boolean cancel() {
    boolean running = state == State.RUNNING;
    if (running) {
      state = State.CANCELLED;
    }
    return running;
  }

  synchronized byte[] json() {
    JsonLine json =
        new JsonLine()
            .text("id", id)
            .text("queue", queue.name())
            .text("do", name)
            .text("state", Words.of(state))
            .number("total", selection.ids().size())
            .number("done", done)
            .number("skipped", skipped)
            .number("failed", failed)
            .time("begun", begun);
    if (ended != null) {
      json.time("ended", ended);
    }
    if (error != null) {
      json.text("lastError", error);
    }
    return json.bytes();
  }
}
