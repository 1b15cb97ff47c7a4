package dev.pitstop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronSyntaxTest {
  /** A Thursday; January ends on a Saturday, February begins on a Sunday and ends on a Saturday. */
  private static final Instant AFTER = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "0 0 * * FRI-MON|01-02 01-03 01-04 01-05 01-09",
        "0 0 * * fri-Mon/2|01-02 01-04 01-09",
        "0 0 * * 5-7|01-02 01-03 01-04 01-09",
        "0 0 * * 0-7|01-02 01-03 01-04 01-05 01-06 01-07 01-08",
        "0 0 * * 7-1|01-04 01-05 01-11",
        "0 0 * * 7-7|01-04 01-11",
        "0 0 * * SUN-SUN|01-04 01-11",
        "0 0 * * 6-0|01-03 01-04 01-10",
        "0 0 * * 7|01-04 01-11",
        "0 0 * * 0|01-04 01-11",
        "0 0 * * 1/2|01-02 01-05 01-07 01-09",
        "0 0 * * 7/3|01-03 01-04 01-07 01-10",
        "0 0 * * FRI#3|01-16 02-20",
        "0 0 * * 5#5|01-30 05-29",
        "0 0 * * 5L|01-30 02-27 03-27",
        "0 0 * * sunL|01-25 02-22",
        "0 0 * * 7L|01-25 02-22",
        "0 0 * * SUN#1,3|01-04 01-07 01-14",
        "0 0 * * MON#1,FRIL,WED|01-05 01-07 01-14 01-21 01-28 01-30",
        "0 0 L * *|01-31 02-28 03-31 04-30",
        "0 0 L-3 * *|01-28 02-25 03-28",
        "0 0 L-30 * *|03-01 05-01 07-01",
        "0 0 LW * *|01-30 02-27 03-31 04-30 05-29",
        "0 0 15W * *|01-15 02-16 03-16 04-15 05-15 06-15 07-15 08-14",
        "0 0 1w * *|02-02 03-02 04-01 05-01 06-01 07-01 08-03",
        "0 0 31W * *|01-30 03-31 05-29 07-31",
        "0 0 1,L,15W * *|01-15 01-31 02-01 02-16 02-28",
        "0 0 28-3 * *|01-02 01-03 01-28 01-29 01-30 01-31 02-01",
        "0 0 13 * FRI|01-02 01-09 01-13 01-16",
        "0 0 */2 * FRI|01-09 01-23 02-13",
        "0 0 1-31/2 * FRI|01-02 01-03 01-05",
        "0 0 13 * */5|02-13 03-13",
        "0 0 13 * ?|01-13 02-13",
        "0 0 ? * FRI|01-02 01-09",
        "0 0 1 JAN-MAR,oct *|02-01 03-01 10-01 2027-01-01",
        "0 0 1 nov-FEB *|02-01 11-01 12-01 2027-01-01",
        "0 0 1 5/3 *|05-01 08-01 11-01 2027-05-01",
        "0 0 29 2 *|2028-02-29 2032-02-29",
        "0 0 29 FEB MON#1|02-02 2027-02-01",
        "0 22-2 * * *|01:00 02:00 22:00 23:00 01-02 01-02T01:00",
        "0 22-2/2 * * *|02:00 22:00 01-02 01-02T02:00",
        "5/20 * * * *|00:05 00:25 00:45 01:05",
        "*/60 * * * *|01:00 02:00",
        "07,3 8 * * *|08:03 08:07 01-02T08:03",
        "50-5/5 0 * * *|00:05 00:50 00:55 01-02",
        "30 0 0 * * *|00:00:30 01-02T00:00:30",
        "*/20 * * * * *|00:00:20 00:00:40 00:01",
        "? ? ? ? ?|00:01 00:02",
        "@yearly|2027-01-01",
        "@annually|2027-01-01",
        "@monthly|02-01 03-01",
        "@weekly|01-04 01-11",
        "@daily|01-02 01-03",
        "@Midnight|01-02 01-03",
        "@hourly|01:00 02:00",
        "'  0 \t0  13 *   * '|01-13 02-13",
      })
  void R03_firesWhenItsFieldsSay(String expression, String expected) {
    List<Instant> instants =
        List.of(expected.split(" ", -1)).stream().map(CronSyntaxTest::instant).toList();
    assertThat(Schedule.cron(expression, ZoneOffset.UTC).next(instants.size(), AFTER))
        .containsExactlyElementsOf(instants);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\"|must have five fields (minute hour day-of-month month day-of-week), or six with the second"
            + " first, or be @yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly,"
            + " not 0 fields",
        "* * * *|not 4 fields",
        "0 0 12 * * ? 2026|not 7 fields",
        "@reboot|must be one of @yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly",
        "@daily 3|must be one of @yearly",
        "60 * * * *|must have minutes from 0 to 59, not 60",
        "-1 * * * *|must have minutes from 0 to 59, not -1",
        "x * * * *|must have minutes from 0 to 59, not X",
        "1.5 * * * *|must have minutes from 0 to 59, not 1.5",
        "99999999999 * * * *|must have minutes from 0 to 59, not 99999999999",
        "\u0663 * * * *|must have minutes from 0 to 59, not \u0663",
        "1-2-3 * * * *|must have minutes from 0 to 59, not 1-2-3",
        "1- * * * *|must have minutes from 0 to 59, not 1-",
        "L * * * *|must have minutes from 0 to 59, not L",
        "1,,2 * * * *|must have no empty part in its minute field (1,,2)",
        ", * * * *|must have no empty part in its minute field (,)",
        "** * * * *|must have minutes from 0 to 59, not **",
        "*-5 * * * *|must have minutes from 0 to 59, not *-5",
        "*/0 * * * *|must have a step from 1 to 60 in its minute field, not */0",
        "*/90 * * * *|must have a step from 1 to 60 in its minute field, not */90",
        "*/ * * * *|must have a step from 1 to 60 in its minute field, not */",
        "*/5/5 * * * *|must have a step from 1 to 60 in its minute field, not */5/5",
        "60 0 * * * *|must have seconds from 0 to 59, not 60",
        "0 24 * * *|must have hours from 0 to 23, not 24",
        "0 */25 * * *|must have a step from 1 to 24 in its hour field, not */25",
        "0 0 0 * *|must have days of the month from 1 to 31, L, L-3, LW or 15W, not 0",
        "0 0 32 * *|not 32",
        "0 0 L-0 * *|must have L- with 1 to 30 days, not L-0",
        "0 0 L-31 * *|must have L- with 1 to 30 days, not L-31",
        "0 0 L-3W * *|must have L- with 1 to 30 days, not L-3W",
        "0 0 L/2 * *|not L/2",
        "0 0 W * *|must have W after one day of the month from 1 to 31, not W",
        "0 0 1-5W * *|must have W after one day of the month from 1 to 31, not 1-5W",
        "0 0 32W * *|must have W after one day of the month from 1 to 31, not 32W",
        "0 0 MON * *|not MON",
        "0 0 1 0 *|must have months from 1 to 12 or JAN to DEC, not 0",
        "0 0 1 13 *|must have months from 1 to 12 or JAN to DEC, not 13",
        "0 0 1 JANUARY *|must have months from 1 to 12 or JAN to DEC, not JANUARY",
        "0 0 1 MON *|must have months from 1 to 12 or JAN to DEC, not MON",
        "0 0 * * 8|must have days of the week from 0 to 7 or SUN to SAT, with #1 to #5 or L after"
            + " one, not 8",
        "0 0 * * FREITAG|not FREITAG",
        "0 0 * * FR\u0131|not FR\u0131",
        "0 0 * * L|must name the day before L in its day-of-week field: SATL is the last Saturday of"
            + " the month, SAT each Saturday",
        "0 0 * * FRI#0|must have #1 to #5 after a day of the week, not FRI#0",
        "0 0 * * FRI#6|must have #1 to #5 after a day of the week, not FRI#6",
        "0 0 * * #2|not #2",
        "0 0 * * MON-FRI#2|not MON-FRI#2",
        "0 0 * * MON-FRIL|not MON-FRIL",
        "0 0 * * */8|must have a step from 1 to 7 in its day-of-week field, not */8",
      })
  void S06_saysWhatIsWrong(String expression, String limit) {
    assertThatThrownBy(() -> Schedule.cron(expression, ZoneOffset.UTC))
        .isInstanceOfSatisfying(
            InvalidFieldException.class,
            e -> {
              assertThat(e.field()).isEqualTo("cron");
              assertThat(e.value()).isEqualTo(expression);
              assertThat(e.limit()).contains(limit);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 30 2 *",
        "* * 30,31 FEB *",
        "0 0 31 4,6,9,11 *",
        "0 0 31W 2 *",
        "0 0 L-29 2 *",
        "0 0 */30 2 MON#2",
      })
  void S06_refusesQuicklyWhatNeverFires(String expression) {
    assertTimeout(
        Duration.ofSeconds(1),
        () ->
            assertThatThrownBy(() -> Schedule.cron(expression, ZoneOffset.UTC))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage("cron must name a day that exists; it never fires, was " + expression));
  }

  @Test
  void R03_theYear2100HasNoLeapDay() {
    assertThat(
            Schedule.cron("0 0 29 2 *", ZoneOffset.UTC)
                .next(2, Instant.parse("2092-03-01T00:00:00Z")))
        .containsExactly(
            Instant.parse("2096-02-29T00:00:00Z"), Instant.parse("2104-02-29T00:00:00Z"));
  }

  @Test
  void R03_theRarestDayIsFound() {
    // Leap days that are Mondays lie 28 years apart, and 40 over 2100.
    assertThat(
            Schedule.cron("0 0 */28 2 MON", ZoneOffset.UTC).next(400, AFTER).stream()
                .map(Instant::toString)
                .filter(text -> text.contains("-02-29")))
        .startsWith("2044-02-29T00:00:00Z", "2072-02-29T00:00:00Z", "2112-02-29T00:00:00Z");
  }

  private static Instant instant(String text) {
    String date = text.contains("-") ? text.replaceAll("T.*", "") : "01-01";
    String time = text.contains(":") ? text.replaceAll(".*T", "") : "00:00";
    String year = date.length() == 5 ? "2026-" : "";
    return LocalDateTime.parse(year + date + "T" + time).toInstant(ZoneOffset.UTC);
  }
}
