package dev.pitstop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Daylight saving by example, with instants worked out by hand. */
class CronDaylightSavingTest {
  static final List<String> ODD_ZONES =
      List.of(
          "Africa/Casablanca",
          "Africa/Monrovia",
          "America/Sao_Paulo",
          "America/St_Johns",
          "Antarctica/Troll",
          "Asia/Gaza",
          "Asia/Kathmandu",
          "Australia/Lord_Howe",
          "Europe/Dublin",
          "Pacific/Apia",
          "Pacific/Kwajalein");

  /** What fires strictly after an instant, as offset times in its zone. */
  @ParameterizedTest(name = "{0} in {1} after {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        // Oslo: 02:00 to 03:00 is skipped, then 02:00 to 03:00 occurs twice.
        "30 2 * * *|Europe/Oslo|2026-03-28T12:00+01:00|2026-03-29T03:00+02:00 2026-03-30T02:30+02:00",
        "*/10 2 * * *|Europe/Oslo|2026-03-29T01:00+01:00|2026-03-29T03:00+02:00 2026-03-30T02:00+02:00",
        "0 2,3 * * *|Europe/Oslo|2026-03-29T01:00+01:00|2026-03-29T03:00+02:00 2026-03-30T02:00+02:00",
        "30 * * * *|Europe/Oslo|2026-03-29T01:00+01:00|2026-03-29T01:30+01:00 2026-03-29T03:30+02:00",
        "30 0-23 * * *|Europe/Oslo|2026-03-29T01:00+01:00|2026-03-29T01:30+01:00"
            + " 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00",
        "30 2 * * *|Europe/Oslo|2026-10-25T00:00+02:00|2026-10-25T02:30+02:00 2026-10-26T02:30+01:00",
        "30 2 * * *|Europe/Oslo|2026-10-25T02:15+01:00|2026-10-26T02:30+01:00",
        "30 * * * *|Europe/Oslo|2026-10-25T02:00+02:00|2026-10-25T02:30+02:00"
            + " 2026-10-25T02:30+01:00 2026-10-25T03:30+01:00",
        "0 */2 * * *|Europe/Oslo|2026-10-25T01:00+02:00|2026-10-25T02:00+02:00 2026-10-25T04:00+01:00",
        // Lord Howe: half an hour is skipped, half an hour repeated.
        "15 2 * * *|Australia/Lord_Howe|2026-10-03T12:00+10:30|2026-10-04T02:30+11:00",
        "0,30 2 * * *|Australia/Lord_Howe|2026-10-03T12:00+10:30|2026-10-04T02:30+11:00"
            + " 2026-10-05T02:00+11:00",
        "45 * * * *|Australia/Lord_Howe|2026-04-05T01:00+11:00|2026-04-05T01:45+11:00"
            + " 2026-04-05T01:45+10:30 2026-04-05T02:45+10:30",
        "45 1 * * *|Australia/Lord_Howe|2026-04-05T01:00+11:00|2026-04-05T01:45+11:00"
            + " 2026-04-06T01:45+10:30",
        // Troll: two hours at once.
        "0 1-3 * * *|Antarctica/Troll|2026-03-29T00:00+00:00|2026-03-29T03:00+02:00"
            + " 2026-03-30T01:00+02:00",
        "30 1 * * *|Antarctica/Troll|2026-10-25T00:00+02:00|2026-10-25T01:30+02:00"
            + " 2026-10-26T01:30+00:00",
        // São Paulo in 2018: the gap begins the day; in 2019 the last hour of a day comes twice.
        "0 0 * * *|America/Sao_Paulo|2018-11-03T12:00-03:00|2018-11-04T01:00-02:00"
            + " 2018-11-05T00:00-02:00",
        "30 23 * * *|America/Sao_Paulo|2019-02-16T12:00-02:00|2019-02-16T23:30-02:00"
            + " 2019-02-17T23:30-03:00",
        // St John's until 2011: at 00:01, so that the repeated hour spans midnight.
        "0 0 * * *|America/St_Johns|2010-11-06T12:00-02:30|2010-11-07T00:00-02:30"
            + " 2010-11-08T00:00-03:30",
        "30 23 * * *|America/St_Johns|2010-11-06T12:00-02:30|2010-11-06T23:30-02:30"
            + " 2010-11-07T23:30-03:30",
        "30 0 * * *|America/St_Johns|2010-03-13T12:00-03:30|2010-03-14T01:01-02:30",
        // Apia: 30 December 2011 is left out whole.
        "0 9 * * *|Pacific/Apia|2011-12-29T00:00-10:00|2011-12-29T09:00-10:00"
            + " 2011-12-31T00:00+14:00 2011-12-31T09:00+14:00",
        "0 0 * * *|Pacific/Apia|2011-12-29T00:00-10:00|2011-12-31T00:00+14:00"
            + " 2012-01-01T00:00+14:00",
        "0 9 30 12 *|Pacific/Apia|2011-01-01T00:00-10:00|2011-12-31T00:00+14:00"
            + " 2012-12-30T09:00+14:00",
        "0 * 30 12 *|Pacific/Apia|2011-01-01T00:00-10:00|2012-12-30T00:00+14:00",
        // Dublin keeps its winter time as the saving one; the clock shows the same.
        "30 1 * * *|Europe/Dublin|2026-03-28T12:00+00:00|2026-03-29T02:00+01:00"
            + " 2026-03-30T01:30+01:00",
        "30 1 * * *|Europe/Dublin|2026-10-24T12:00+01:00|2026-10-25T01:30+01:00"
            + " 2026-10-26T01:30+00:00",
        // Monrovia until 1972: 44 minutes and a half.
        "15 0 * * *|Africa/Monrovia|1972-01-06T12:00-00:44:30|1972-01-07T00:44:30+00:00",
        "0 12 * * *|Africa/Monrovia|1971-05-01T00:00-00:44:30|1971-05-01T12:00-00:44:30",
        // Casablanca and Gaza put their clocks back for Ramadan.
        "30 2 * * *|Africa/Casablanca|2026-02-14T12:00+01:00|2026-02-15T02:30+01:00"
            + " 2026-02-16T02:30+00:00",
        "30 2 * * *|Africa/Casablanca|2026-03-21T12:00+00:00|2026-03-22T03:00+01:00",
        "0 2 * * *|Asia/Gaza|2026-03-27T12:00+02:00|2026-03-28T03:00+03:00 2026-03-29T02:00+03:00",
      })
  void R09_firesWhereTheContractSays(
      String expression, ZoneId zone, OffsetDateTime after, String expected) {
    List<OffsetDateTime> times =
        List.of(expected.split(" ", -1)).stream().map(OffsetDateTime::parse).toList();
    assertThat(Schedule.cron(expression, zone).next(times.size(), after.toInstant()))
        .map(instant -> instant.atZone(zone).toOffsetDateTime())
        .containsExactlyElementsOf(times);
  }

  @ParameterizedTest
  @FieldSource("ODD_ZONES")
  void R09_aDailyTimeFiresOncePerDayThatExists(ZoneId zone) {
    Instant end = Instant.parse("2060-01-01T12:00:00Z");
    for (String expression : List.of("0 0 * * *", "30 1 * * *", "30 2 * * *", "45 23 * * *")) {
      Cron cron = Schedule.cron(expression, zone).until(end);
      LocalDate day = LocalDate.of(1970, 1, 10);
      Instant at = day.atStartOfDay(zone).toInstant().minusSeconds(1);
      while (cron.next(at).isPresent()) {
        at = cron.next(at).get();
        LocalDate fired = LocalDate.ofInstant(at, zone);
        // A time that was skipped fires when the gap ends, at most a day later than its own.
        assertThat(fired).isBetween(day, day.plusDays(1));
        day = day.plusDays(1);
      }
      assertThat(day).isAfter(LocalDate.of(2059, 12, 30));
    }
  }

  @Test
  void R09_intervalsDoNotKnowOfDaylightSaving() {
    Instant start = OffsetDateTime.parse("2026-03-29T01:30+01:00").toInstant();
    assertThat(Schedule.every(java.time.Duration.ofHours(1)).from(start).next(2, start))
        .containsExactly(
            OffsetDateTime.parse("2026-03-29T03:30+02:00").toInstant(),
            OffsetDateTime.parse("2026-03-29T04:30+02:00").toInstant());
  }
}
