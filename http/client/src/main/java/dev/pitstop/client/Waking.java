package dev.pitstop.client;

import dev.pitstop.spi.Store;
import dev.pitstop.wire.StoreCall;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants to be woken in which queue, and the one stream by which the server tells. Thread-safe.
 *
 * <p>A stream that has ended is begun anew, with growing pauses while the server is away; whoever
 * may have missed something is woken then. When a queue is added, a stream of all queues takes the
 * place of the one before, which goes on until then.
 */
final class Waking implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Waking.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final long LOOK_SECONDS = 5;

  private final Server server;
  private final Calls calls;
  private final Map<String, List<Runnable>> wakes = new TreeMap<>(); // guarded by this
  private @Nullable ScheduledExecutorService thread; // guarded by this
  private @Nullable WakeStream stream; // guarded by this
  private @Nullable WakeStream next; // guarded by this
  private long pauseMillis = FIRST_PAUSE_MILLIS; // guarded by this
  private boolean away; // guarded by this
  private boolean closed; // guarded by this

  Waking(Server server, Calls calls) {
    this.server = server;
    this.calls = calls;
  }

  /** Adds a waker; the server knows of the queue then, unless it is away or slow. */
  Store.Subscription add(String queue, Runnable wake) {
    synchronized (this) {
      List<Runnable> known = wakes.computeIfAbsent(queue, name -> new CopyOnWriteArrayList<>());
      known.add(wake);
      begin();
      awaitWatched(queue);
    }
    return () -> remove(queue, wake);
  }

  private synchronized void remove(String queue, Runnable wake) {
    List<Runnable> known = wakes.get(queue);
    if (known != null && known.remove(wake) && known.isEmpty()) {
      wakes.remove(queue);
    }
    if (wakes.isEmpty()) {
      endAll();
    }
  }

  /** Ends the streams, of whose end nobody is told then. */
  private void endAll() {
    WakeStream one = stream;
    WakeStream other = next;
    stream = null;
    next = null;
    end(one);
    end(other);
  }

  private void begin() {
    if (thread == null && !closed) {
      ScheduledExecutorService begun =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread waking = new Thread(work, "pitstop-http-wakes");
                waking.setDaemon(true);
                return waking;
              });
      begun.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
      thread = begun;
    }
    open();
  }

  private void awaitWatched(String queue) {
    long end = System.nanoTime() + server.timeout().toNanos();
    long left = end - System.nanoTime();
    try {
      while (!closed && !away && !isWatched(queue) && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The queues that are to be watched; of more than one stream takes, the first. */
  private Set<String> wanted() {
    return wakes.keySet().stream()
        .limit(StoreCall.MOST_WATCHED)
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isWatched(String queue) {
    return stream != null && (stream.queues().contains(queue) || !wanted().contains(queue));
  }

  /** Begins a stream if the one there is does not do. */
  private synchronized void open() {
    if (closed || next != null || wakes.isEmpty()) {
      return;
    }
    Set<String> wanted = wanted();
    if (stream == null || !stream.queues().containsAll(wanted)) {
      WakeStream begun = new WakeStream(this, wanted);
      next = begun;
      begun.begin(calls);
    }
  }

  /** A stream's queues are all watched by the server. */
  synchronized void watched(WakeStream begun) {
    if (begun != next) {
      begun.end();
      return;
    }
    WakeStream old = stream;
    Set<String> before = old == null ? Set.of() : old.queues();
    stream = begun;
    next = null;
    end(old);
    away = false;
    pauseMillis = FIRST_PAUSE_MILLIS;
    begun.queues().stream().filter(queue -> !before.contains(queue)).forEach(this::wake);
    notifyAll();
    open();
  }

  /** Something of a queue can be leased. */
  synchronized void wake(String queue) {
    wakes.getOrDefault(queue, List.of()).forEach(Runnable::run);
  }

  /** A stream has come to its end, or could not be begun. */
  synchronized void ended(WakeStream ended, Throwable why) {
    if (ended != stream && ended != next) {
      return;
    }
    log.debug("wake-ups of {} have ended and are asked for again", server, why);
    if (ended == stream) {
      stream = null;
    } else {
      next = null;
      away = true;
    }
    notifyAll();
    ScheduledExecutorService running = thread;
    if (!closed && running != null && next == null) {
      long noise = ThreadLocalRandom.current().nextLong(pauseMillis);
      running.schedule(this::open, pauseMillis + noise, TimeUnit.MILLISECONDS);
      pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
    }
  }

  /** Ends streams on which nothing has come for long. */
  private synchronized void look() {
    for (WakeStream one : new WakeStream[] {stream, next}) {
      if (one != null && one.isSilent()) {
        ended(one, new IllegalStateException("nothing was heard for too long"));
        one.end();
      }
    }
  }

  private static void end(@Nullable WakeStream ended) {
    if (ended != null) {
      ended.end();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    endAll();
    if (thread != null) {
      thread.shutdownNow();
    }
    notifyAll();
  }
}
