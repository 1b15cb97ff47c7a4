package dev.pitstop.rocksdb;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Opens {@code rocksdb:DIRECTORY}, as {@code rocksdb:./data?sync=false}. Thread-safe. */
public final class RocksDbStoreFactory implements StoreFactory {
  private static final Option<Boolean> SYNC =
      Option.flag(
          "sync",
          "true",
          "Whether storing and removing wait until the disk has it; without, a crash of the"
              + " machine may forget about the last second, a kill of the process nothing.");

  private final InstantSource clock;

  /** For {@code ServiceLoader}. */
  public RocksDbStoreFactory() {
    this(InstantSource.system());
  }

  /** Opens stores that go by another clock than the machine's, as one that a test moves. */
  public RocksDbStoreFactory(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("rocksdb");
  }

  @Override
  public List<Option<?>> options() {
    return List.of(SYNC);
  }

  @Override
  public Store open(Address address) {
    return RocksDbStore.open(directory(address), SYNC.in(address.query()), clock);
  }

  private static Path directory(Address address) {
    if (address.rest().isEmpty()) {
      throw new InvalidFieldException(
          "address", "must name a directory, as rocksdb:./data", address);
    }
    try {
      return Path.of(address.rest());
    } catch (InvalidPathException e) {
      throw new InvalidFieldException("address", "must name a directory", address, e);
    }
  }
}
