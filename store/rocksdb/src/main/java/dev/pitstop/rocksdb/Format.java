package dev.pitstop.rocksdb;

import dev.pitstop.StoreUnavailableException;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;

/** The version of all that is on disk. */
final class Format {
  /*
   * To change the form of any record, key or table: add one to CURRENT; keep the code that reads the
   * form before, and in `check` rewrite what needs it when an older number is found, in batches that
   * may be cut short and begun again, the number last; add a directory of the old version to the test
   * resources and a test that opens it. What is only added to (a flag of Value that was unused, a
   * table at the end of Table) changes the form too: an older Pitstop would not understand it.
   */
  static final int CURRENT = 1;

  private Format() {}

  /** Refuses data of a later version, and marks new data with this one. */
  static void check(Tables tables, Path directory) throws RocksDBException {
    byte[] found = tables.get(Table.META, new Buf(8).raw(MetaKeys.FORMAT));
    if (found == null) {
      refuseForeign(tables, directory);
      tables.putDurably(Table.META, MetaKeys.FORMAT, new Buf(4).u32(CURRENT).toArray());
      return;
    }
    refuseOther(new Bytes(found).u32(), directory);
  }

  /** Refuses data of a later version, which has tables that this one cannot open. */
  static void checkUnopened(Path directory) throws RocksDBException {
    byte[] found = Tables.getUnopened(directory.toString(), MetaKeys.FORMAT);
    if (found != null) {
      refuseOther(new Bytes(found).u32(), directory);
    }
  }

  private static void refuseOther(int version, Path directory) {
    if (version != CURRENT) {
      throw new StoreUnavailableException(
          "the data in "
              + directory
              + " has format "
              + version
              + ", and this Pitstop knows format "
              + CURRENT
              + "; open it with the Pitstop that wrote it, or a later one");
    }
  }

  private static void refuseForeign(Tables tables, Path directory) throws RocksDBException {
    try (Walk walk = tables.walk(Table.META, new byte[0], new byte[] {-1})) {
      if (walk.valid()) {
        throw new StoreUnavailableException(
            directory + " holds a RocksDB database that is not Pitstop's");
      }
    }
  }
}
