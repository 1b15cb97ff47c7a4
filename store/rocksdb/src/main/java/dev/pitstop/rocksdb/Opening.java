package dev.pitstop.rocksdb;

import dev.pitstop.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens sessions on a directory, after a failure not before a pause is over. Not thread-safe: used
 * under the store's gate.
 */
final class Opening {
  /*
   * A log that could not be written, be it that the disk was full, takes no more writes even when there
   * is room again; so the database is closed and opened anew. Nothing runs for that: a call that comes
   * after the pause tries, and until then calls fail at once.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
  private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(1);
  private static final long LAST_PAUSE = TimeUnit.SECONDS.toNanos(8);

  private final Path directory;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private long pause = FIRST_PAUSE;
  private long notBefore;
  private volatile @Nullable Throwable cause;

  /**
   * Opens nothing yet.
   *
   * @param nanos a time that never steps, for the pauses
   */
  Opening(Path directory, InstantSource clock, LongSupplier nanos) {
    this.directory = directory;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Opens the directory, which is made when there is none. */
  Session open() {
    try {
      Files.createDirectories(directory);
      Session session = Session.open(directory, clock);
      HolderFile.write(directory, clock.instant());
      return session;
    } catch (RocksDBException e) {
      throw isLocked(e)
          ? new StoreUnavailableException(
              directory
                  + " is open already, by "
                  + HolderFile.read(directory)
                  + "; an embedded store is opened once at a time",
              e)
          : new StoreUnavailableException("cannot open " + directory + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StoreUnavailableException("cannot make the directory " + directory + ": " + e, e);
    }
  }

  /** Opens it again after a failure, when the pause is over. */
  Session reopen() {
    Throwable failure = cause;
    if (failure != null && nanos.getAsLong() - notBefore < 0) {
      throw unavailable(failure);
    }
    try {
      Session session = open();
      LOG.info("{} was opened again", directory);
      return session;
    } catch (StoreUnavailableException e) {
      failed(e);
      throw e;
    }
  }

  /** Takes note of a failure; the pauses grow until {@link #works}. */
  void failed(Throwable failure) {
    if (cause == null) {
      LOG.warn("{} cannot be used, and is opened again when called", directory, failure);
    }
    cause = failure;
    notBefore = nanos.getAsLong() + pause;
    pause = Math.min(2 * pause, LAST_PAUSE);
  }

  /** Says that something was written; also from within the gate. */
  void works() {
    if (cause != null) {
      cause = null;
      pause = FIRST_PAUSE;
    }
  }

  /** The error for a call that fails because of a cause. */
  StoreUnavailableException unavailable(Throwable cause) {
    return new StoreUnavailableException(
        "the store in " + directory + " failed: " + cause.getMessage(), cause);
  }

  private static boolean isLocked(RocksDBException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), "");
    return message.contains("lock hold by") || message.contains("While lock file");
  }
}
