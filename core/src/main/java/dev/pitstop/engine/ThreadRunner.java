package dev.pitstop.engine;

import dev.pitstop.spi.Runner;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the engine on threads: one for each tick, virtual ones for handlers where the JDK has them
 * (21 and later), pooled ones elsewhere. Thread-safe.
 */
final class ThreadRunner implements Runner {
  private static final Logger log = LoggerFactory.getLogger(ThreadRunner.class);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final ExecutorService handlers = handlerThreads();
  private final ExecutorService writers = Executors.newCachedThreadPool(daemons("pitstop-writer-"));

  @Override
  public Ticking start(String name, boolean background, Supplier<Duration> tick) {
    TickThread ticking = new TickThread(tick);
    Thread thread = new Thread(ticking, name);
    ticking.thread = thread;
    thread.setDaemon(background);
    thread.start();
    return ticking;
  }

  @Override
  public Executor handlers() {
    return handlers;
  }

  @Override
  public Executor writers() {
    return writers;
  }

  @Override
  public void close() {
    handlers.shutdown();
    writers.shutdown();
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicLong number = new AtomicLong();
    return work -> {
      Thread thread = new Thread(work, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static ExecutorService handlerThreads() {
    if (Runtime.version().feature() >= 21) {
      try {
        return (ExecutorService)
            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
        log.warn("no virtual threads on this JDK, handlers run on pooled threads", e);
      }
    }
    return Executors.newCachedThreadPool(daemons("pitstop-handler-"));
  }

  /** A thread that ticks. Waking is one volatile write and one unpark. */
  private static final class TickThread implements Ticking, Runnable {
    private final Supplier<Duration> tick;
    private volatile Thread thread = Thread.currentThread();
    private volatile boolean woken;
    private volatile boolean stopped;

    TickThread(Supplier<Duration> tick) {
      this.tick = tick;
    }

    @Override
    public void run() {
      while (!stopped) {
        await(tickOnce());
      }
    }

    @Override
    public void wake() {
      if (!woken) {
        woken = true;
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void stop() {
      stopped = true;
      wake();
    }

    private Duration tickOnce() {
      try {
        return tick.get();
      } catch (RuntimeException | Error e) {
        log.error("{} failed and goes on in {}", thread.getName(), AFTER_FAILURE, e);
        return AFTER_FAILURE;
      }
    }

    private void await(Duration wait) {
      long nanos = (wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT).toNanos();
      long end = System.nanoTime() + nanos;
      while (!woken && nanos > 0) {
        Thread.interrupted(); // what runs in a tick may leave one behind, and nothing would wait
        LockSupport.parkNanos(this, nanos);
        nanos = end - System.nanoTime();
      }
      woken = false;
    }
  }
}
