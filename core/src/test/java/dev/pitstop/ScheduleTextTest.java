package dev.pitstop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTextTest {
  /** These texts lie in stores; they must be read for ever, and written no differently. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "at 2026-01-01T00:00:00Z",
        "at 9999-12-31T23:59:59.999Z",
        "in PT15M",
        "in PT0S",
        "in PT-0.5S",
        "every PT1H",
        "every PT0.001S",
        "every PT1H from 2026-01-01T00:00:00Z",
        "every PT1H until 2026-01-01T00:00:00Z",
        "every PT1H from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00.001Z missed LATEST",
        "every PT1H missed SKIP",
        "cron 0 9 * * MON-FRI zone Europe/Oslo",
        "cron */10 0 9 * * MON-FRI zone Z",
        "cron @daily zone +05:45",
        "cron 0 9 1,L,15W * ? zone UTC from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00Z missed"
            + " SKIP",
      })
  void readsWhatItWrites(String text) {
    assertThat(Schedule.parse(text)).hasToString(text).isEqualTo(Schedule.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "' every \t1h30m  from 2026-01-01T00:00:00Z '|every PT1H30M from 2026-01-01T00:00:00Z",
        "in 500ms|in PT0.5S",
        "at 2026-01-01T01:00:00.123456Z|at 2026-01-01T01:00:00.124Z",
        "every 1h missed EACH|every PT1H",
        "every 1h missed LATEST from 2026-01-01T00:00:00Z|every PT1H from 2026-01-01T00:00:00Z"
            + " missed LATEST",
        "cron 0  9 * * 1 zone UTC missed SKIP until 2027-01-01T00:00:00Z|cron 0 9 * * 1 zone UTC"
            + " until 2027-01-01T00:00:00Z missed SKIP",
      })
  void readsWhatAPersonWrites(String text, String written) {
    assertThat(Schedule.parse(text)).hasToString(written);
  }

  @Test
  void readsAnySchedule() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] zones = new TreeSet<>(ZoneId.getAvailableZoneIds()).toArray(new String[0]);
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int n = 0; n < 1_000; n++) {
      Missed missed = List.of(Missed.values()).get(random.nextInt(3));
      ZoneId zone = ZoneId.of(zones[random.nextInt(zones.length)]);
      String expression = CronSamples.HARD.get(random.nextInt(CronSamples.HARD.size()));
      Instant from = start.plusMillis(random.nextLong(1L << 40));
      Instant until = from.plus(Duration.ofDays(9_000)).plusMillis(random.nextLong(1L << 40));
      Schedule schedule =
          switch (random.nextInt(4)) {
            case 0 -> Schedule.at(from);
            case 1 -> Schedule.in(Duration.ofNanos(random.nextLong()));
            case 2 ->
                Schedule.every(Duration.ofMillis(1 + random.nextLong(1L << 50)))
                    .from(from)
                    .until(until)
                    .missed(missed);
            default -> Schedule.cron(expression, zone).from(from).until(until).missed(missed);
          };
      assertThat(Schedule.parse(schedule.toString()))
          .as("%s, seed %d", schedule, seed)
          .isEqualTo(schedule);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"|schedule must begin with at, in, every or cron, was ",
        "\"  \"|schedule must begin with at, in, every or cron, was   ",
        "daily|schedule must begin with at, in, every or cron, was daily",
        "At 2026-01-01T00:00:00Z|schedule must begin with at, in, every or cron",
        "at|schedule must have a value after 'at', was at",
        "at noon|at must be an instant as 2026-01-01T00:00:00Z, was noon",
        "at 2026-01-01T00:00:00Z missed SKIP|schedule must end before 'missed'",
        "in 15M|delay must be a duration as 500ms, 90s, 1h30m, 7d or PT15M, was 15M",
        "in 15m 3|schedule must end before '3'",
        "every|schedule must have a value after 'every'",
        "every PT0S|interval must be at least PT0.001S",
        "every 1h from|schedule must have a value after 'from'",
        "every 1h from now|from must be an instant as",
        "every 1h hourly|schedule must have from, until, missed or zone in place of 'hourly'",
        "every 1h zone UTC|schedule must have no zone, as intervals do not follow local time",
        "every 1h missed NONE|missed must be EACH, LATEST or SKIP, was NONE",
        "every 1h missed SKIP missed SKIP|schedule must have missed once only",
        "every 1h from 1969-01-01T00:00:00Z|from must lie from 1970-01-01T00:00:00Z to 9999",
        "every 1h until +10000-01-01T00:00:00Z|until must lie from 1970-01-01T00:00:00Z to 9999",
        "cron 0 9 * * *|schedule must name the zone after the cron expression",
        "cron zone UTC|cron must have five fields",
        "cron 0 9 * * * zone|schedule must have a value after 'zone'",
        "cron 0 9 * * * zone Europe/Atlantis|zone must be a zone that is known, as Europe/Oslo",
        "cron 0 25 * * * zone UTC|cron must have hours from 0 to 23, not 25, was 0 25 * * *",
      })
  void S06_saysWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith(message);
  }
}
