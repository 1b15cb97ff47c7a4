package dev.pitstop.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.spi.Put;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EncodingTest {
  private static final String UUID_TEXT = "0f9a3c1e-77aa-4bcd-9e01-23456789abcd";

  @Test
  void S09_idsAreTheSameOnlyWhenTheirBytesAre() {
    List<String> ids =
        List.of(
            UUID_TEXT,
            UUID_TEXT.toUpperCase(Locale.ROOT),
            UUID_TEXT.replace("-", ""),
            UUID_TEXT + " ",
            UUID_TEXT.replace('-', '0'),
            UUID_TEXT.replace('f', 'g'),
            "0",
            "\u00e9",
            "e\u0301",
            "\ud83d\ude80",
            "x".repeat(512));
    Set<String> keys = new HashSet<>();
    for (String id : ids) {
      Buf record = new Buf(1);
      Keys.idInRecord(record, id);
      assertThat(Keys.idInRecord(new Bytes(record.toArray()))).isEqualTo(id);
      keys.add(Arrays.toString(Keys.message(new Buf(1), 1, id).toArray()));
    }
    assertThat(keys).hasSameSizeAs(ids);
  }

  @Test
  void aUuidTakesSeventeenBytes() {
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      String id = new UUID(random.nextLong(), random.nextLong()).toString();
      Buf record = new Buf(1);
      Keys.idInRecord(record, id);
      assertThat(record.length()).isEqualTo(17);
      assertThat(Keys.idInRecord(new Bytes(record.toArray()))).isEqualTo(id);
    }
  }

  @Test
  void placesAreOrderedOnDiskAsInMemory() {
    Place[] places = {
      Place.FIRST, new Place(-5, 3), new Place(-5, 4), new Place(0, 1), new Place(7, 0), Place.END
    };
    for (int i = 1; i < places.length; i++) {
      byte[] before = Keys.due(new Buf(20), 1, places[i - 1]).toArray();
      byte[] after = Keys.due(new Buf(20), 1, places[i]).toArray();
      assertThat(Arrays.compareUnsigned(before, after)).isNegative();
      assertThat(places[i - 1].before(places[i])).isTrue();
      assertThat(Keys.place(after)).isEqualTo(places[i]);
    }
  }

  @Test
  void numbersComeBack() {
    Random random = new Random(9);
    Buf out = new Buf(1);
    long[] numbers = new long[200];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextLong() >> random.nextInt(64);
      out.varint(numbers[i]).zigzag(numbers[i]).i64(numbers[i]).u32((int) numbers[i]);
    }
    Bytes in = new Bytes(out.toArray());
    for (long number : numbers) {
      assertThat(in.varint()).isEqualTo(number);
      assertThat(in.zigzag()).isEqualTo(number);
      assertThat(in.i64()).isEqualTo(number);
      assertThat(in.u32()).isEqualTo((int) number);
    }
    assertThat(in.rest()).isEmpty();
  }

  @Test
  void whatIsMissingIsDamage() {
    assertThatThrownBy(() -> new Bytes(new byte[] {-1}).varint())
        .isInstanceOf(DamagedException.class);
    assertThatThrownBy(() -> new Bytes(new byte[] {9, 'a'}).text())
        .isInstanceOf(DamagedException.class);
    assertThatThrownBy(() -> new Bytes(new byte[3]).u32()).isInstanceOf(DamagedException.class);
  }

  @Test
  void aFreshMessageCostsFewBytesBesidesItsBody() {
    Buf record = new Buf(1);
    Put put = Fixtures.message(UUID_TEXT, Instant.EPOCH, new byte[200]);
    Value.encode(record, put.entry());
    assertThat(record.length()).isEqualTo(219);
  }
}
