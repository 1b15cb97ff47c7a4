package dev.pitstop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The cron calculator beside {@link CronReference}, over every zone that the machine knows.
 *
 * <p>{@code -Dpitstop.cron.rounds=20} tries longer, {@code -Dpitstop.cron.seed=..} repeats a run.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CronZonesTest {
  private static final int ROUNDS = Integer.getInteger("pitstop.cron.rounds", 1);
  private static final long SEED = Long.getLong("pitstop.cron.seed", System.nanoTime());
  private static final Duration AROUND = Duration.ofHours(30);
  private static final Instant FIRST = Instant.parse("1970-01-03T00:00:00Z");
  private static final Instant LAST = Instant.parse("2100-01-01T00:00:00Z");

  private final Map<String, CronReference> references = new HashMap<>();

  @Test
  void R09_agreesWithTheReferenceAtEveryKindOfTransitionOfEveryZone() {
    Random random = new Random(SEED);
    int compared = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int turn = random.nextInt(CronSamples.HARD.size());
      Set<ZoneRules> tried = new HashSet<>();
      for (String zone : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
        if (!tried.add(ZoneId.of(zone).getRules())) {
          continue; // another name for one that was tried
        }
        for (ZoneOffsetTransition change : oneOfEachKind(ZoneId.of(zone).getRules(), random)) {
          for (int n = 0; n < 4; n++) {
            String expression = CronSamples.HARD.get(turn++ % CronSamples.HARD.size());
            compare(expression, ZoneId.of(zone), change.getInstant(), random);
            compared++;
          }
          if (compared % 8 == 0) {
            compare(firingSample(random), ZoneId.of(zone), change.getInstant(), random);
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(4_000);
  }

  @Test
  void R09_agreesWithTheReferenceForEachHardExpressionInTheOddestZones() {
    Random random = new Random(SEED);
    for (String zone : CronDaylightSavingTest.ODD_ZONES) {
      List<ZoneOffsetTransition> changes = oneOfEachKind(ZoneId.of(zone).getRules(), random);
      for (String expression : CronSamples.HARD) {
        for (ZoneOffsetTransition change : changes) {
          compare(expression, ZoneId.of(zone), change.getInstant(), random);
        }
      }
    }
  }

  @Test
  void R03_agreesWithTheReferenceInAnyYearAndInFixedZones() {
    Random random = new Random(SEED);
    List<String> zones = new ArrayList<>(ZoneId.getAvailableZoneIds());
    Collections.sort(zones);
    zones.addAll(List.of("Z", "+14:00", "-12:00", "+05:45", "-00:00:01", "+18:00", "-18:00"));
    long days = Duration.between(FIRST, Times.LAST).toDays() - 30;
    for (int n = 0; n < 600 * ROUNDS; n++) {
      ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
      Instant about = FIRST.plus(Duration.ofDays(random.nextLong(days)));
      @Nullable ZoneOffsetTransition change = zone.getRules().nextTransition(about);
      boolean atChange =
          change != null && change.getInstant().isBefore(FIRST.plus(Duration.ofDays(days)));
      compare(
          firingSample(random), zone, atChange && n % 2 == 0 ? change.getInstant() : about, random);
    }
  }

  /** Days alone, for which a year is walked with no regard to time. */
  @Test
  void R03_agreesWithTheReferenceOnTheDaysOfRandomYears() {
    Random random = new Random(SEED);
    for (int n = 0; n < 600 * ROUNDS; n++) {
      String[] sample = firingSample(random).split(" ", -1);
      int length = sample.length;
      String expression =
          "0 0 " + sample[length - 3] + " " + sample[length - 2] + " " + sample[length - 1];
      CronReference reference = new CronReference(expression);
      CronExpression cron = CronExpression.parse(expression);
      LocalDate day = LocalDate.of(1970 + random.nextInt(8_000), 1, 1);
      LocalDate end = day.plusYears(1);
      List<Instant> expected = new ArrayList<>();
      for (; day.isBefore(end); day = day.plusDays(1)) {
        if (reference.matches(day)) {
          expected.add(day.atStartOfDay().toInstant(ZoneOffset.UTC));
        }
      }
      Instant after = end.minusYears(1).atStartOfDay().minusSeconds(1).toInstant(ZoneOffset.UTC);
      Instant last = end.atStartOfDay().minusSeconds(1).toInstant(ZoneOffset.UTC);
      assertThat(walk(cron, ZoneOffset.UTC.getRules(), after, last))
          .as("%s, seed %d", expression, SEED)
          .containsExactlyElementsOf(expected);
    }
  }

  /** Compares all occurrences around an instant, from outside and from instants between. */
  private void compare(String expression, ZoneId zone, Instant about, Random random) {
    ZoneRules rules = zone.getRules();
    Instant after = about.minus(AROUND);
    Instant last = about.plus(AROUND);
    CronExpression cron = CronExpression.parse(expression);
    NavigableSet<Instant> expected = reference(expression).between(after, last, rules);
    List<Instant> found = walk(cron, rules, after, last);
    if (!found.equals(List.copyOf(expected))) {
      assertThat(found)
          .as("%s in %s around %s, seed %d", expression, zone, about, SEED)
          .containsExactlyElementsOf(expected);
    }
    for (int n = 0; n < 8; n++) {
      Instant base =
          after.plusMillis(
              n < 4
                  ? random.nextLong(2 * AROUND.toMillis())
                  : AROUND.toMillis() + random.nextLong(-7_200_000, 7_200_000));
      @Nullable Instant higher = expected.higher(base);
      Optional<Instant> next = cron.next(base, rules).filter(instant -> !instant.isAfter(last));
      assertThat(next)
          .as("%s in %s after %s, seed %d", expression, zone, base, SEED)
          .isEqualTo(Optional.ofNullable(higher));
      Instant to = higher == null ? last : expected.last();
      if (!to.isBefore(base)) {
        assertThat(cron.countBetween(base, to, rules, 1_000_000))
            .as("%s in %s between %s and %s, seed %d", expression, zone, base, to, SEED)
            .isEqualTo(expected.subSet(base, false, to, false).size());
      }
    }
  }

  /** Kept for those that are tried often. */
  private CronReference reference(String expression) {
    return CronSamples.HARD.contains(expression)
        ? references.computeIfAbsent(expression, CronReference::new)
        : new CronReference(expression);
  }

  private static List<Instant> walk(
      CronExpression cron, ZoneRules rules, Instant after, Instant last) {
    List<Instant> found = new ArrayList<>();
    Instant at = after;
    while (true) {
      Optional<Instant> next = cron.next(at, rules);
      if (next.isEmpty() || next.get().isAfter(last)) {
        return found;
      }
      assertThat(next.get()).isAfter(at);
      at = next.get();
      found.add(at);
    }
  }

  private static String firingSample(Random random) {
    while (true) {
      String expression = CronSamples.random(random);
      try {
        CronExpression.parse(expression);
        // Those that fire every few seconds take long, and differ little from each other.
        if (new CronReference(expression).timesADay() < 1_500 || random.nextInt(20) == 0) {
          return expression;
        }
      } catch (InvalidFieldException e) {
        assertThat(e).hasMessageContaining("never fires");
      }
    }
  }

  /** One transition for each pair of offsets at each local time of day, drawn at random. */
  private static List<ZoneOffsetTransition> oneOfEachKind(ZoneRules rules, Random random) {
    record Kind(ZoneOffset before, ZoneOffset after, LocalTime at) {}
    Map<Kind, List<ZoneOffsetTransition>> kinds = new LinkedHashMap<>();
    @Nullable ZoneOffsetTransition change = rules.nextTransition(FIRST);
    while (change != null && change.getInstant().isBefore(LAST)) {
      Kind kind =
          new Kind(
              change.getOffsetBefore(),
              change.getOffsetAfter(),
              change.getDateTimeBefore().toLocalTime());
      kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(change);
      change = rules.nextTransition(change.getInstant());
    }
    return kinds.values().stream().map(all -> all.get(random.nextInt(all.size()))).toList();
  }
}
