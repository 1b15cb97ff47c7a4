package dev.pitstop.lines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Schedule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules in words. */
final class ScheduleWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "at 2030-01-01T09:00:00Z | once",
        "in PT15M | once",
        "every PT1H | every 1 h",
        "every PT90M | every 1 h 30 min",
        "every P7DT0.001S | every 7 d 1 ms",
        "every PT1H until 2030-01-01T00:00:00Z missed SKIP | every 1 h, until"
            + " 2030-01-01T00:00:00.000Z, missed ones skipped",
        "cron 0 9 * * MON-FRI zone Europe/Oslo | at 09:00 on Monday to Friday, Europe/Oslo",
        "cron 0 9,17 * * * zone UTC | at 09:00 and 17:00 every day, UTC",
        "cron 0 0 9 * * ? zone UTC | at 09:00 every day, UTC",
        "cron */15 * * * * zone UTC | every 15 min, UTC",
        "cron */15 9-17 * * 1-5 zone UTC | every 15 min from 09:00 to 17:59 on Monday to Friday, UTC",
        "cron * 8 * * * zone UTC | every minute from 08:00 to 08:59, UTC",
        "cron 5,35 * * * * zone UTC | every hour at minute 5 and 35, UTC",
        "cron 30 */6 * * * zone UTC | every 6 h at minute 30, UTC",
        "cron 0 0 1,15 * * zone UTC | at 00:00 on day 1 and 15 of the month, UTC",
        "cron 30 23 L * * zone UTC | at 23:30 on the last day of the month, UTC",
        "cron 0 6 * * FRI#3 zone UTC | at 06:00 on the third Friday of the month, UTC",
        "cron 0 6 * * 5L zone UTC | at 06:00 on the last Friday of the month, UTC",
        "cron 0 6 * * 0,6 zone UTC | at 06:00 on Sunday and Saturday, UTC",
        "cron 0 6 1 jan-MAR * zone UTC | at 06:00 on day 1 of the month in January to March, UTC",
        "cron @daily zone UTC | at 00:00 every day, UTC",
        "cron @yearly zone UTC | at 00:00 on day 1 of the month in January, UTC"
      })
  void usualOnesAreSaidInWords(String schedule, String words) {
    assertThat(ScheduleWords.of(Schedule.parse(schedule))).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 13 * FRI", // either day matches, which words would hide
        "*/7 * * * *", // not every 7 min: it begins anew each hour
        "5/20 * * * *",
        "10 0 9 * * *",
        "0 9-17/2 * * *",
        "0 0 L-3 * *",
        "0 0 15W * *",
        "0 1,2,3,4,5 * * *"
      })
  void othersAreNamedAsTheyAre(String expression) {
    assertThat(ScheduleWords.of(Schedule.parse("cron " + expression + " zone UTC")))
        .isEqualTo("cron " + expression + ", UTC");
  }
}
