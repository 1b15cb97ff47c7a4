package dev.pitstop.engine;

import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.spi.Runner;
import dev.pitstop.spi.Store;

/** Opens. */
@SuppressWarnings("DoNotCallSuggester")
public final class Engine {
  private Engine() {}

  public static Pitstop open(String address, PitstopOptions options) {
    throw new UnsupportedOperationException(address + options);
  }

  public static Pitstop on(Store store, PitstopOptions options) {
    throw new UnsupportedOperationException(store + "" + options);
  }

  public static Pitstop on(Store store, PitstopOptions options, Runner runner) {
    throw new UnsupportedOperationException(store + "" + options + runner);
  }
}
