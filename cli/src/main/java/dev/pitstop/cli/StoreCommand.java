package dev.pitstop.cli;

import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** A command that works on a store. */
abstract class StoreCommand extends BaseCommand {
  @Option(
      names = "--store",
      paramLabel = "ADDRESS",
      defaultValue = "${env:PITSTOP_STORE:-rocksdb:./pitstop-data}",
      description = "Address of the store. Default: $PITSTOP_STORE, else rocksdb:./pitstop-data")
  private String store = "";

  private static final int LARGEST_BODY = PitstopOptions.defaults().maxBody();
  private static final dev.pitstop.spi.Option<Long> MAX_BODY =
      dev.pitstop.spi.Option.number(
          "maxBody", 0, Integer.MAX_VALUE, Integer.toString(LARGEST_BODY), "");

  /** Opens the store; one that keeps its data in a directory makes the directory. */
  final Pitstop open() {
    return Pitstop.open(store, PitstopOptions.defaults());
  }

  /** Opens the store unless its directory is not there: reading makes none. */
  final Pitstop openExisting() {
    Address address = address();
    if (address.scheme().equals("rocksdb") && !isThere(Path.of(address.rest()))) {
      throw new StoreUnavailableException("there is no store at " + address);
    }
    return open();
  }

  /** Standard input as lines with room for the largest body, in base64, and for its headers. */
  final LineReader input() {
    long largest = Math.max(LARGEST_BODY, MAX_BODY.in(address().query()));
    return new LineReader(System.in, (int) Math.min(2 * largest, Integer.MAX_VALUE / 4));
  }

  /** How long leases last: what the store's address says, or else another duration. */
  final Duration leaseTime(String otherwise) {
    String text = address().query().getOrDefault("leaseTime", otherwise);
    return dev.pitstop.spi.Option.parseDuration("leaseTime", text);
  }

  /** The store's address. */
  final Address address() {
    return Address.parse(store);
  }

  /** Whether a directory holds a store; CURRENT is a file that RocksDB always has. */
  private static boolean isThere(Path directory) {
    return Files.exists(directory.resolve("CURRENT"));
  }
}
