package dev.pitstop.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import dev.pitstop.testing.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;

final class OpeningTest {
  @TempDir Path directory;

  private final TestClock clock = TestClock.create();

  @Test
  void isFoundByItsScheme() {
    assertThat(ServiceLoader.load(StoreFactory.class))
        .filteredOn(factory -> factory.schemes().contains("rocksdb"))
        .hasOnlyElementsOfType(RocksDbStoreFactory.class);
  }

  @Test
  void makesTheDirectoryAndThoseAbove() {
    Path deep = directory.resolve("a/b");
    Address address = Address.parse("rocksdb:" + deep + "?sync=false");
    try (Store store = new RocksDbStoreFactory().open(address)) {
      assertThat(store.stats()).isEmpty();
      assertThat(deep).isDirectory();
    }
  }

  @Test
  void refusesAnAddressWithoutADirectoryAndAnOptionThatIsNone() {
    RocksDbStoreFactory factory = new RocksDbStoreFactory();
    assertThatThrownBy(() -> factory.open(Address.parse("rocksdb:")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("rocksdb:./data");
    assertThatThrownBy(() -> factory.open(Address.parse("rocksdb:./data?sync=maybe")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("sync must be true or false, was maybe");
  }

  @Test
  void H04_aSecondOpenerIsToldWhoHasIt() {
    try (RocksDbStore store = Fixtures.open(directory, clock)) {
      assertThatThrownBy(() -> Fixtures.open(directory, clock))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ")
          .hasMessageContaining("since 2030-01-01T00:00:00Z");
      assertThat(store.stats()).isEmpty();
    }
    Fixtures.open(directory, clock).close();
  }

  @Test
  void H04_anotherProcessThatHasItIsNamed() throws Exception {
    try (Child child = Child.start(directory)) {
      child.awaitLine();
      assertThatThrownBy(() -> Fixtures.open(directory, clock))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("process " + child.pid() + " on ");
    }
    Fixtures.open(directory, clock).close();
  }

  @Test
  void dataOfALaterFormatIsRefusedAndLeftAlone() throws Exception {
    Fixtures.open(directory, clock).close();
    byte[] later = new Buf(4).u32(Format.CURRENT + 1).toArray();
    try (Tables tables = Tables.open(directory.toString())) {
      tables.putDurably(Table.META, MetaKeys.FORMAT, later);
    }
    assertThatThrownBy(() -> Fixtures.open(directory, clock))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("format " + (Format.CURRENT + 1))
        .hasMessageContaining("format " + Format.CURRENT + ";");
    try (Tables tables = Tables.open(directory.toString())) {
      assertThat(tables.get(Table.META, new Buf(8).raw(MetaKeys.FORMAT))).isEqualTo(later);
    }
  }

  @Test
  void dataOfALaterFormatWithMoreTablesIsRefusedToo() throws Exception {
    Fixtures.open(directory, clock).close();
    try (Tables tables = Tables.open(directory.toString())) {
      tables.putDurably(Table.META, MetaKeys.FORMAT, new Buf(4).u32(9).toArray());
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    List<ColumnFamilyDescriptor> tables = new ArrayList<>();
    for (Table table : Table.values()) {
      tables.add(new ColumnFamilyDescriptor(table.nameBytes()));
    }
    try (RocksDB db = RocksDB.open(directory.toString(), tables, handles)) {
      handles.add(db.createColumnFamily(new ColumnFamilyDescriptor(new byte[] {'n', 'e', 'w'})));
      handles.forEach(ColumnFamilyHandle::close);
    }
    assertThatThrownBy(() -> Fixtures.open(directory, clock))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("format 9")
        .hasMessageContaining("format " + Format.CURRENT + ";");
  }

  @Test
  void theDataOfAnotherProgramIsLeftAlone() throws Exception {
    try (RocksDB db = RocksDB.open(directory.toString())) {
      db.put(new byte[] {'a'}, new byte[] {'b'});
    }
    assertThatThrownBy(() -> Fixtures.open(directory, clock))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(directory + " holds a RocksDB database that is not Pitstop's");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "text");
    assertThatThrownBy(() -> Fixtures.open(file, clock))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(file.toString());
  }
}
