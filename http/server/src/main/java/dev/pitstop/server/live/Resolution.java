package dev.pitstop.server.live;

import java.time.Duration;
import java.time.Instant;

/** How finely totals of the past are kept, and for how long. */
enum Resolution {
  /** Ten seconds, for an hour. */
  TEN_SECONDS("10s", Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofHours(1)),
  /** A minute, for a day. */
  MINUTE("1m", Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(1)),
  /** Five minutes, for a week. */
  FIVE_MINUTES("5m", Duration.ofMinutes(5), Duration.ofHours(6), Duration.ofDays(7)),
  /** An hour, for thirty days. */
  HOUR("1h", Duration.ofHours(1), Duration.ofDays(2), Duration.ofDays(30));

  private final String word;
  private final Duration step;
  private final Duration block;
  private final Duration kept;

  Resolution(String word, Duration step, Duration block, Duration kept) {
    this.word = word;
    this.step = step;
    this.block = block;
    this.kept = kept;
  }

  /** The coarsest whose steps make up buckets of a length. */
  static Resolution of(Duration bucket) {
    Resolution found = TEN_SECONDS;
    for (Resolution resolution : values()) {
      if (bucket.toSeconds() % resolution.step.toSeconds() == 0) {
        found = resolution;
      }
    }
    return found;
  }

  String word() {
    return word;
  }

  Duration step() {
    return step;
  }

  Duration kept() {
    return kept;
  }

  /** How many steps a block has. */
  int slots() {
    return Math.toIntExact(block.toSeconds() / step.toSeconds());
  }

  /** The second at which the block begins that holds an instant. */
  long blockOf(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), block.toSeconds()) * block.toSeconds();
  }

  /** When a block that begins at a second is no longer kept. */
  Instant expiry(long start) {
    return Instant.ofEpochSecond(start).plus(block).plus(kept);
  }

  /** The second at which a block ends. */
  long end(long start) {
    return start + block.toSeconds();
  }
}
