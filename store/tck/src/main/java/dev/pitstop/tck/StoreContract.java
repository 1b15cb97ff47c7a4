package dev.pitstop.tck;

import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each store must do, as tests. A store's test class extends this one and opens the store:
 *
 * <pre>{@code
 * final class MyStoreTest extends StoreContract {
 *   @Override
 *   protected Store open(Path directory, InstantSource clock) {
 *     return new MyStore(directory, clock);
 *   }
 * }
 * }</pre>
 *
 * <p>The name of a test begins with the rule that it shows. What only some stores can do is asked
 * of those whose {@link Store#capabilities()} say so; for others it is skipped with the capability
 * as the reason. After each test the store is looked at as a whole: counts against a full listing,
 * and every listed message is found.
 *
 * <p>Each test has its own instance, used by one thread; the store is used by many.
 */
public abstract class StoreContract
    implements StoringRules,
        ReplacingRules,
        BytesRules,
        EmittingRules,
        LeasingRules,
        WakingRules,
        SettlingRules,
        StaleSettlingRules,
        BuryingRules,
        ListingRules,
        OperatingRules,
        PullingRules,
        RacingRules,
        HaltingRules,
        ModelRules,
        EngineRules,
        EngineRaceRules {
  private @Nullable Trial trial;

  /** For subclasses. */
  protected StoreContract() {}

  /**
   * Opens the store under test.
   *
   * @param directory what it holds: empty in a test's first call, and in later calls of that test
   *     the same. A store on a server may use the path as the name of a database of its own.
   * @param clock the time, for stores with {@link Capability#SETTABLE_CLOCK}; others leave it alone
   */
  protected abstract Store open(Path directory, InstantSource clock);

  /**
   * Ends a store as if its process had been killed; {@link #open} comes next. Closes it unless
   * overridden.
   */
  protected void crash(Store store) {
    store.close();
  }

  /**
   * How long the tests wait for time to pass, where it cannot be set: long enough for a few calls
   * to be over before, 400 ms unless overridden.
   */
  protected Duration span() {
    return Duration.ofMillis(400);
  }

  /**
   * By how much {@link Store#now()} may differ from the time that the store goes by, where it
   * cannot be set: 5 ms unless overridden.
   */
  protected Duration precision() {
    return Duration.ofMillis(5);
  }

  /**
   * How many messages several engines race for: 10,000 unless overridden, for a server that stands
   * in for the real one and has no indexes.
   */
  protected int crowd() {
    return 10_000;
  }

  /** For the kit itself. */
  @Override
  public final Trial trial() {
    return Objects.requireNonNull(trial, "no test runs");
  }

  @BeforeEach
  final void openStore(@TempDir Path directory) {
    trial = new Trial(this, directory.resolve("store"));
  }

  @AfterEach
  final void checkAndClose() {
    Trial ended = trial;
    if (ended == null) {
      return; // it could not be opened, which is the failure to show
    }
    try {
      if (!ended.closed()) {
        new Invariants(ended).check();
      }
    } finally {
      ended.close();
    }
  }
}
