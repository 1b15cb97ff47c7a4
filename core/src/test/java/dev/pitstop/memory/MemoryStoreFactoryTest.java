package dev.pitstop.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What the conformance kit does not ask: how the store is found and opened. */
final class MemoryStoreFactoryTest {
  @Test
  void isFoundByItsScheme() {
    assertThat(ServiceLoader.load(StoreFactory.class))
        .filteredOn(factory -> factory.schemes().contains("memory"))
        .hasOnlyElementsOfType(MemoryStoreFactory.class);
  }

  @Test
  void opensANewStoreEachTime() {
    StoreFactory factory = new MemoryStoreFactory();
    try (Store one = factory.open(Address.parse("memory:"));
        Store other = factory.open(Address.parse("memory:"))) {
      Key key = new Key("q", "a");
      Payload payload = new Payload(new byte[0], "text/plain", Map.of());
      Entry entry = Entry.scheduled(key, payload, null, Progress.starting(Instant.EPOCH));
      one.put(List.of(new Put(entry, IfPresent.REPLACE, false)));
      assertThat(one.find(key)).isPresent();
      assertThat(other.find(key)).isEmpty();
    }
  }

  @Test
  void refusesAPath() {
    assertThatThrownBy(() -> new MemoryStoreFactory().open(Address.parse("memory:./data")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("memory:./data");
  }
}
