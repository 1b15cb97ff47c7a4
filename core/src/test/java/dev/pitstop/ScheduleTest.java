package dev.pitstop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.Schedule.Newest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that fire once and those of an interval. */
class ScheduleTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void S05_onceIsKeptToTheMillisecondAndNotEarly() {
    Once once = Schedule.at(Instant.parse("2026-01-01T00:00:00.123000001Z"));
    assertThat(once.at()).isEqualTo(Instant.parse("2026-01-01T00:00:00.124Z"));
    assertThat(Schedule.at(once.at())).isEqualTo(once);
    assertThat(once.first(NOW)).contains(once.at());
    assertThat(once.recurring()).isFalse();
    assertThat(once.next(NOW)).contains(once.at());
    assertThat(once.next(once.at())).isEmpty();
    assertThat(once.until()).isEmpty();
  }

  @Test
  void S05_onceTakesThePastAndTheEndOf9999() {
    assertThat(Schedule.at(Instant.EPOCH).first(NOW)).contains(Instant.EPOCH);
    assertThat(Schedule.at(Instant.EPOCH.minusNanos(1)).first(NOW)).contains(Instant.EPOCH);
    assertThat(Schedule.at(Instant.MIN).first(NOW)).contains(Instant.EPOCH);
    assertThat(Schedule.at(Times.LAST.plusNanos(999_999)).at()).isEqualTo(Times.LAST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+10000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59.999999999Z"})
  void S05_onceRefusesWhatIsNotKept(String instant) {
    assertThatThrownBy(() -> Schedule.at(Instant.parse(instant)))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage(
            "at must lie from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999Z, was " + instant);
  }

  @Test
  void S05_aDelayIsNeverShortened() {
    Instant now = NOW.plusNanos(1_500_000);
    assertThat(Schedule.in(Duration.ofMillis(10)).first(now)).contains(NOW.plusMillis(12));
    assertThat(Schedule.in(Duration.ofNanos(1)).first(NOW)).contains(NOW.plusMillis(1));
    assertThat(Schedule.in(Duration.ofNanos(500_000)).first(now)).contains(NOW.plusMillis(2));
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 31, 1L << 32, (1L << 31) * 1000, 1L << 45, 1L << 47})
  void S05_aDelayIsNeverWrapped(long millis) {
    assertThat(Schedule.in(Duration.ofMillis(millis)).first(NOW)).contains(NOW.plusMillis(millis));
  }

  @Test
  void S05_aDelayThatIsNegativeOrZeroMeansNow() {
    assertThat(Schedule.in(Duration.ZERO).first(NOW)).contains(NOW);
    assertThat(Schedule.in(Duration.ofDays(-400_000)).first(NOW)).contains(NOW);
    assertThat(Schedule.in(Duration.ofSeconds(Long.MIN_VALUE)).first(NOW)).contains(NOW);
  }

  @Test
  void S05_aDelayThatEndsAfter9999IsRefusedWhenStored() {
    Duration longest = Duration.between(NOW, Times.LAST);
    assertThat(Schedule.in(longest).first(NOW)).contains(Times.LAST);
    for (Duration delay : List.of(longest.plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE))) {
      assertThatThrownBy(() -> Schedule.in(delay).first(NOW))
          .isInstanceOf(InvalidFieldException.class)
          .hasMessage("delay must end by 9999-12-31T23:59:59.999Z, was " + delay);
    }
  }

  @Test
  void S05_aDelayIsAnchoredWhereItIsStored() {
    Delayed delayed = Schedule.in(HOUR);
    assertThat(delayed.anchored(NOW)).isEqualTo(Schedule.at(NOW.plus(HOUR)));
    assertThat(delayed.next(NOW)).isEmpty();
    assertThat(delayed.recurring()).isFalse();
    assertThat(delayed.next(3, NOW)).containsExactly(NOW.plus(HOUR));
    assertThat(delayed.newest(NOW, NOW.plus(HOUR))).isEqualTo(new Newest(NOW, 0));
  }

  @Test
  void R01_everyFiresAtStartAndOnItsGrid() {
    Every every = Schedule.every(HOUR).from(NOW).until(NOW.plus(Duration.ofHours(3)));
    assertThat(every.first(NOW.plus(Duration.ofDays(9)))).contains(NOW);
    assertThat(every.next(9, NOW.minusMillis(1)))
        .containsExactly(NOW, NOW.plus(HOUR), NOW.plus(HOUR.multipliedBy(2)));
    assertThat(every.next(NOW.plus(HOUR.multipliedBy(2)))).isEmpty();
    assertThat(every.recurring()).isTrue();
  }

  @Test
  void R02_withoutAStartTheFirstIsOneIntervalFromNow() {
    Instant now = NOW.plusNanos(1);
    Every every = Schedule.every(HOUR);
    assertThat(every.first(now)).contains(NOW.plus(HOUR).plusMillis(1));
    Every anchored = every.anchored(now);
    assertThat(anchored.start()).isEqualTo(every.first(now));
    assertThat(anchored.anchored(NOW.plus(HOUR))).isEqualTo(anchored);
    assertThat(every.next(2, NOW)).containsExactly(NOW.plus(HOUR), NOW.plus(HOUR).plus(HOUR));
  }

  @Test
  void R06_nothingFiresWhenTheEndComesBeforeTheFirst() {
    Every every = Schedule.every(HOUR).until(NOW.plus(HOUR));
    assertThat(every.first(NOW)).isEmpty();
    assertThat(every.next(NOW)).isEmpty();
    assertThat(every.next(3, NOW)).isEmpty();
    assertThatThrownBy(() -> every.anchored(NOW))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("until must be after from");
    assertThat(every.first(NOW.minusMillis(1))).contains(NOW.plus(HOUR).minusMillis(1));
  }

  /** Whenever the next is asked for, it lies on start + k * interval, the first later one. */
  @Test
  void R01_theGridNeverDrifts() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int n = 0; n < 2_000; n++) {
      Instant start = Instant.EPOCH.plusMillis(random.nextLong(4_000_000_000_000L));
      long interval = 1 + random.nextLong(1L << (1 + random.nextInt(36)));
      Every every = Schedule.every(Duration.ofMillis(interval)).from(start);
      Instant at = start;
      for (int k = 0; k < 10; k++) {
        Instant asked = at.plusNanos(random.nextLong(3_000_000L * interval));
        Instant next = every.next(asked).orElseThrow();
        String about = every + " after " + asked + ", seed " + seed;
        assertThat(next).as(about).isAfter(asked);
        assertThat(Duration.between(asked, next)).as(about).isLessThanOrEqualTo(every.interval());
        assertThat(Duration.between(start, next).toMillis() % interval).as(about).isZero();
        assertThat(next.truncatedTo(ChronoUnit.MILLIS)).as(about).isEqualTo(next);
        at = next;
      }
    }
  }

  @Test
  void R05_newestOfAnIntervalAgreesWithWalking() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int n = 0; n < 500; n++) {
      Every every = Schedule.every(Duration.ofMillis(1 + random.nextInt(5_000))).from(NOW);
      if (random.nextBoolean()) {
        every = every.until(NOW.plusMillis(1 + random.nextInt(200_000)));
      }
      Instant occurrence = NOW;
      Instant now = NOW.plusMillis(random.nextInt(300_000));
      Instant newest = occurrence;
      long skipped = 0;
      while (every.next(newest).filter(instant -> !instant.isAfter(now)).isPresent()) {
        newest = every.next(newest).orElseThrow();
        skipped++;
      }
      assertThat(every.newest(occurrence, now))
          .as("%s at %s, seed %d", every, now, seed)
          .isEqualTo(new Newest(newest, skipped));
    }
  }

  @Test
  void R05_newestNeverGoesBackToTheGridBehindWhatWasRescheduled() {
    Every every = Schedule.every(HOUR).from(NOW);
    Instant rescheduled = NOW.plus(Duration.ofMinutes(90));
    assertThat(every.newest(rescheduled, NOW.plus(Duration.ofMinutes(119))))
        .isEqualTo(new Newest(rescheduled, 0));
    assertThat(every.newest(rescheduled, NOW.plus(Duration.ofHours(2))))
        .isEqualTo(new Newest(NOW.plus(Duration.ofHours(2)), 1));
    assertThat(every.newest(rescheduled, NOW.plus(Duration.ofMinutes(181))))
        .isEqualTo(new Newest(NOW.plus(Duration.ofHours(3)), 2));
  }

  @Test
  void R05_aMillionStandsForAllThatIsMore() {
    Every every = Schedule.every(Duration.ofMillis(1)).from(NOW);
    assertThat(every.newest(NOW, NOW.plusMillis(1_000_000)).skipped()).isEqualTo(1_000_000);
    assertThat(every.newest(NOW, NOW.plusMillis(1_000_001)))
        .isEqualTo(new Newest(NOW.plusMillis(1_000_001), 1_000_000));
  }

  @Test
  void S05_intervalsEndWithTheYear9999() {
    Every every = Schedule.every(Duration.ofDays(1)).from(Times.LAST.minus(Duration.ofDays(1)));
    assertThat(every.next(9, NOW)).hasSize(2).endsWith(Times.LAST);
    Every longest = Schedule.every(Duration.ofSeconds(Long.MAX_VALUE)).from(NOW);
    assertThat(longest.next(9, NOW.minusMillis(1))).containsExactly(NOW);
    assertThat(longest.newest(NOW, Times.LAST)).isEqualTo(new Newest(NOW, 0));
    assertThatThrownBy(() -> Schedule.every(Duration.ofSeconds(Long.MAX_VALUE)).first(NOW))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("interval must end by 9999-12-31T23:59:59.999Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1H", "PT0.000999999S", "PT0.0015S", "PT1.000000001S"})
  void S06_refusesAnIntervalThatIsNoneOfMilliseconds(String interval) {
    assertThatThrownBy(() -> Schedule.every(Duration.parse(interval)))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage(
            "interval must be at least PT0.001S and in whole milliseconds, was " + interval);
  }

  @Test
  void S06_refusesAnEndNotAfterTheStart() {
    Every every = Schedule.every(HOUR).from(NOW);
    assertThat(every.until(NOW.plusMillis(1)).next(9, NOW.minusMillis(1))).containsExactly(NOW);
    // Both are kept to the millisecond, in which they are the same.
    assertThatThrownBy(() -> every.until(NOW.plusNanos(999_999)))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessage("until must be after from (2026-01-01T00:00:00Z), was 2026-01-01T00:00:00Z");
  }

  @Test
  void R08_nextShowsNoMoreThanThereAre() {
    assertThat(Schedule.at(NOW).next(5, NOW.minusMillis(1))).containsExactly(NOW);
    assertThat(Schedule.at(NOW).next(5, NOW)).isEmpty();
    assertThat(Schedule.every(HOUR).next(0, NOW)).isEmpty();
    Instant before = Instant.now();
    assertThat(Schedule.cron("* * * * *", ZoneOffset.UTC).next(3))
        .hasSize(3)
        .isSorted()
        .allMatch(instant -> instant.isAfter(before));
  }
}
