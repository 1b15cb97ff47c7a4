package dev.pitstop.testing;

import dev.pitstop.spi.Runner;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Runs the engine's work on the thread that cranks it. */
final class HandCrank implements Runner {
  private final List<Tick> ticks = new CopyOnWriteArrayList<>();

  @Override
  public Ticking start(String name, boolean background, Supplier<Duration> tick) {
    Tick added = new Tick(tick);
    ticks.add(added);
    return added;
  }

  @Override
  public Executor handlers() {
    return Runnable::run;
  }

  @Override
  public Executor writers() {
    return Runnable::run;
  }

  @Override
  public void close() {
    ticks.clear();
  }

  /** Ticks until nothing is due. */
  void turn() {
    ticks.forEach(Tick::wake);
    boolean busy = true;
    while (busy) {
      busy = false;
      for (Tick tick : ticks) {
        busy |= tick.tickIfWoken();
      }
    }
  }

  private final class Tick implements Ticking {
    private final Supplier<Duration> tick;
    private boolean woken;

    Tick(Supplier<Duration> tick) {
      this.tick = tick;
    }

    @Override
    public void wake() {
      woken = true;
    }

    @Override
    public void stop() {
      ticks.remove(this);
    }

    boolean tickIfWoken() {
      if (!woken) {
        return false;
      }
      woken = false;
      woken |= tick.get().isZero();
      return true;
    }
  }
}
