package dev.pitstop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.pitstop.Schedule.Newest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {
  private static final ZoneId OSLO = ZoneId.of("Europe/Oslo");

  @Test
  void R02_firstIsTheNextAfterStoring() {
    assertThat(daily().first(at("2026-01-01T00:00:00Z"))).contains(at("2026-01-02T00:00:00Z"));
  }

  @Test
  void R03_fromIsAnOccurrenceWhenItMatches() {
    Cron cron = daily().from(at("2026-01-05T00:00:00Z"));
    assertThat(cron.first(at("2030-01-01T00:00:00Z"))).contains(at("2026-01-05T00:00:00Z"));
    assertThat(cron.next(at("2020-01-01T00:00:00Z"))).contains(at("2026-01-05T00:00:00Z"));
    assertThat(cron.next(at("2026-01-05T00:00:00Z"))).contains(at("2026-01-06T00:00:00Z"));
  }

  @Test
  void R03_fromLeavesOutWhatLiesBeforeItByAMillisecond() {
    Cron cron = daily().from(at("2026-01-05T00:00:00.001Z"));
    assertThat(cron.first(Instant.EPOCH)).contains(at("2026-01-06T00:00:00Z"));
    assertThat(cron.next(at("2026-01-05T00:00:00.001Z"))).contains(at("2026-01-06T00:00:00Z"));
  }

  @Test
  void R03_theEndItselfIsNoOccurrence() {
    Cron cron = daily().until(at("2026-01-03T00:00:00Z"));
    assertThat(cron.next(9, at("2026-01-01T00:00:00Z")))
        .containsExactly(at("2026-01-02T00:00:00Z"));
    assertThat(cron.next(at("2026-01-02T00:00:00Z"))).isEmpty();
    assertThat(daily().until(at("2026-01-03T00:00:00.001Z")).next(at("2026-01-02T00:00:00Z")))
        .contains(at("2026-01-03T00:00:00Z"));
  }

  @Test
  void S06_refusesBoundsBetweenWhichItNeverFires() {
    Cron leapDay = Schedule.cron("0 0 29 2 *", ZoneOffset.UTC).from(at("2025-01-01T00:00:00Z"));
    assertThatThrownBy(() -> leapDay.until(at("2028-02-29T00:00:00Z")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage(
            "until must be after an occurrence of the cron, which never fires, was"
                + " 2028-02-29T00:00:00Z");
    assertThat(leapDay.until(at("2028-02-29T00:00:00.001Z")).first(Instant.EPOCH))
        .contains(at("2028-02-29T00:00:00Z"));
    assertThatThrownBy(() -> leapDay.from(at("9997-01-01T00:00:00Z")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("from must be before an occurrence of the cron");
    assertThatThrownBy(() -> daily().until(at("1970-01-01T00:00:00Z")))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("never fires");
  }

  @Test
  void S06_refusesAnEndNotAfterTheStart() {
    Cron cron = daily().from(at("2026-01-05T00:00:00Z"));
    assertThatThrownBy(() -> cron.until(at("2026-01-05T00:00:00Z")))
        .hasMessage("until must be after from (2026-01-05T00:00:00Z), was 2026-01-05T00:00:00Z");
  }

  @Test
  void S05_occurrencesEndWithTheYear9999() {
    Cron cron = Schedule.cron("59 59 23 * * *", ZoneOffset.UTC);
    assertThat(cron.next(at("9999-12-31T23:59:58.999Z"))).contains(at("9999-12-31T23:59:59Z"));
    assertThat(cron.next(at("9999-12-31T23:59:59Z"))).isEmpty();
    assertThat(cron.next(Instant.MAX)).isEmpty();
    for (String zone : List.of("+14:00", "-12:00", "+18:00", "-18:00", "America/New_York")) {
      Cron daily = Schedule.cron("0 0 * * *", ZoneId.of(zone));
      List<Instant> last = daily.next(100, at("9999-12-29T00:00:00Z"));
      assertThat(last).hasSizeBetween(2, 4).allMatch(instant -> !instant.isAfter(Times.LAST));
    }
  }

  @Test
  void S05_occurrencesBeginWith1970() {
    assertThat(daily().next(Instant.MIN)).contains(Instant.EPOCH);
    assertThat(Schedule.cron("0 0 * * *", ZoneId.of("-02:00")).next(Instant.MIN))
        .contains(at("1970-01-01T02:00:00Z"));
  }

  @Test
  void R05_newestIsTheLastThatIsDueAndCountsThoseBefore() {
    Cron cron = Schedule.cron("0 9 * * MON-FRI", OSLO);
    Instant monday = at("2026-01-05T08:00:00Z");
    assertThat(cron.newest(monday, monday)).isEqualTo(new Newest(monday, 0));
    assertThat(cron.newest(monday, at("2026-01-06T07:59:59.999Z")))
        .isEqualTo(new Newest(monday, 0));
    assertThat(cron.newest(monday, at("2026-01-06T08:00:00Z")))
        .isEqualTo(new Newest(at("2026-01-06T08:00:00Z"), 1));
    assertThat(cron.newest(monday, at("2026-01-12T07:00:00Z")))
        .isEqualTo(new Newest(at("2026-01-09T08:00:00Z"), 4));
  }

  @Test
  void R06_newestLiesBeforeTheEnd() {
    Cron cron = daily().until(at("2026-01-04T00:00:00Z"));
    assertThat(cron.newest(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")))
        .isEqualTo(new Newest(at("2026-01-03T00:00:00Z"), 2));
  }

  @Test
  void R05_newestCountsFromAnInstantThatIsNoOccurrence() {
    Instant rescheduled = at("2026-01-01T12:00:00.5Z");
    assertThat(daily().newest(rescheduled, at("2026-01-01T23:00:00Z")))
        .isEqualTo(new Newest(rescheduled, 0));
    assertThat(daily().newest(rescheduled, at("2026-01-03T23:00:00Z")))
        .isEqualTo(new Newest(at("2026-01-03T00:00:00Z"), 2));
  }

  @Test
  void R05_newestAgreesWithWalking() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> zones = CronDaylightSavingTest.ODD_ZONES;
    for (int n = 0; n < 400; n++) {
      String expression = CronSamples.HARD.get(random.nextInt(CronSamples.HARD.size()));
      Cron cron = Schedule.cron(expression, ZoneId.of(zones.get(random.nextInt(zones.size()))));
      Instant after = Instant.EPOCH.plusSeconds(random.nextLong(4_000_000_000L));
      Instant occurrence = cron.next(after).orElseThrow();
      Instant now = occurrence.plusMillis(random.nextLong(1L << (10 + random.nextInt(25))));
      Instant newest = occurrence;
      long skipped = 0;
      Optional<Instant> next = cron.next(newest);
      while (skipped < Newest.MOST && next.isPresent() && !next.get().isAfter(now)) {
        newest = next.get();
        skipped++;
        next = cron.next(newest);
      }
      assertThat(cron.newest(occurrence, now))
          .as("%s from %s to %s, seed %d", cron, occurrence, now, seed)
          .isEqualTo(new Newest(newest, skipped));
    }
  }

  @Test
  void R05_newestIsQuickAfterTenYearsOfSeconds() {
    Cron cron = Schedule.cron("* * * * * *", OSLO);
    Instant now = at("2036-01-01T00:00:00.123Z");
    assertTimeout(
        Duration.ofSeconds(1),
        () ->
            assertThat(cron.newest(at("2026-01-01T00:00:00Z"), now))
                .isEqualTo(new Newest(at("2036-01-01T00:00:00Z"), 1_000_000)));
  }

  @Test
  void R05_aMillionIsCountedExactly() {
    Cron cron = Schedule.cron("* * * * * *", OSLO);
    Instant start = at("2026-03-01T00:00:00Z");
    assertThat(cron.newest(start, start.plusSeconds(999_999)).skipped()).isEqualTo(999_999);
    assertThat(cron.newest(start, start.plusSeconds(1_000_001)).skipped()).isEqualTo(1_000_000);
  }

  @Test
  void equalWhenAllItWasMadeOfIs() {
    Cron cron = Schedule.cron(" 0  9 * *\tMON-FRI ", OSLO).missed(Missed.SKIP);
    Cron same = Schedule.cron("0 9 * * MON-FRI", OSLO).missed(Missed.SKIP);
    assertThat(cron).isEqualTo(same).hasSameHashCodeAs(same).hasToString(same.toString());
    assertThat(cron.expression()).isEqualTo("0 9 * * MON-FRI");
    assertThat(cron.zone()).isEqualTo(OSLO);
    assertThat(cron.start()).isEmpty();
    assertThat(cron)
        .isNotEqualTo(Schedule.cron("0 9 * * MON-FRI", OSLO))
        .isNotEqualTo(Schedule.cron("0 9 * * 1-5", OSLO).missed(Missed.SKIP))
        .isNotEqualTo(
            Schedule.cron("0 9 * * MON-FRI", ZoneId.of("Europe/Berlin")).missed(Missed.SKIP))
        .isNotEqualTo(cron.from(at("2026-01-01T00:00:00Z")))
        .isNotEqualTo(cron.until(at("2026-01-01T00:00:00Z")))
        .isNotEqualTo("cron");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-29T00:59:59.999Z", "2026-03-29T00:59:59.001Z"})
  void R03_nextIsStrictlyLaterThanAPartOfASecond(String after) {
    assertThat(Schedule.cron("* * * * * *", OSLO).next(at(after)))
        .contains(at("2026-03-29T01:00:00Z"));
  }

  private static Cron daily() {
    return Schedule.cron("0 0 * * *", ZoneOffset.UTC);
  }

  private static Instant at(String text) {
    return Instant.parse(text);
  }
}
