package dev.pitstop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of {@code docs/schedules.md} are true. */
class SchedulesPageTest {
  private static final Pattern FIRES =
      Pattern.compile("\\| `([^`]+)` \\| (\\w+/\\w+) \\| (\\S+) \\| (\\d[^|]+) \\|");
  private static final Pattern TEXT =
      Pattern.compile("(?m)(?:^|`)((?:(?:at|in|every) (?=[\\dP])|cron (?=[\\d*@]))[^`\\n]+)");

  @ParameterizedTest
  @MethodSource("examples")
  void R09_theTableOfDaylightSaving(
      String expression, ZoneId zone, OffsetDateTime after, List<String> fires) {
    assertThat(Schedule.cron(expression, zone).next(fires.size(), after.toInstant()))
        .map(instant -> instant.atZone(zone).toOffsetDateTime().toString())
        .containsExactlyElementsOf(fires);
    assertThat(zone.getRules().getOffset(after.toInstant())).isEqualTo(after.getOffset());
  }

  @Test
  void theTextsAreSchedules() throws IOException {
    List<String> texts = TEXT.matcher(page()).results().map(found -> found.group(1)).toList();
    assertThat(texts).hasSize(6);
    assertThat(texts).allSatisfy(text -> assertThat(Schedule.parse(text)).isNotNull());
  }

  static Stream<Object[]> examples() throws IOException {
    Matcher rows = FIRES.matcher(page());
    List<Object[]> examples =
        rows.results()
            .map(
                row ->
                    new Object[] {
                      row.group(1),
                      ZoneId.of(row.group(2)),
                      OffsetDateTime.parse(row.group(3)),
                      List.of(row.group(4).split(", ", -1))
                    })
            .toList();
    assertThat(examples).hasSize(8);
    return examples.stream();
  }

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "docs", "schedules.md"));
  }
}
