package dev.pitstop.cli;

import dev.pitstop.Pitstop;
import dev.pitstop.PitstopOptions;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A command that works on a store. */
abstract class StoreCommand extends BaseCommand {
  @Option(
      names = "--store",
      paramLabel = "ADDRESS",
      defaultValue = "${env:PITSTOP_STORE:-rocksdb:./pitstop-data}",
      description = "Address of the store. Default: $PITSTOP_STORE, else rocksdb:./pitstop-data")
  private String store = "";

  /** Opens the store; one that keeps its data in a directory makes the directory. */
  final Pitstop open() {
    return Pitstop.open(store, PitstopOptions.defaults());
  }

  /** Opens the store unless its directory is not there: reading makes none. */
  final Pitstop openExisting() {
    Address address = address();
    if (address.scheme().equals("rocksdb") && !Files.isDirectory(Path.of(address.rest()))) {
      throw new StoreUnavailableException(
          "there is no store at " + address + ": no such directory as " + address.rest());
    }
    return open();
  }

  /** The store's address. */
  final Address address() {
    return Address.parse(store);
  }
}
