package dev.pitstop;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * How long a message waits after a failed attempt, and how many attempts it has.
 *
 * @param firstDelay the wait after the first attempt; at least 1 ms
 * @param maxDelay no wait is longer, noise aside; at least {@code firstDelay}, at most 3650 days
 * @param noise the part of a wait by which it varies at random, up and down; 0 to 1
 * @param maxAttempts attempts at one occurrence, the first included; at least 1
 */
public record RetryPolicy(Duration firstDelay, Duration maxDelay, double noise, int maxAttempts) {

  /** Refuses what is out of bounds with {@link InvalidFieldException}. */
  public RetryPolicy {
    Objects.requireNonNull(firstDelay, "firstDelay");
    Objects.requireNonNull(maxDelay, "maxDelay");
    if (firstDelay.compareTo(Duration.ofMillis(1)) < 0) {
      throw new InvalidFieldException("retry.firstDelay", "must be at least PT0.001S", firstDelay);
    }
    if (maxDelay.compareTo(firstDelay) < 0) {
      throw new InvalidFieldException(
          "retry.maxDelay", "must be at least retry.firstDelay (" + firstDelay + ")", maxDelay);
    }
    if (maxDelay.compareTo(Duration.ofDays(3650)) > 0) {
      throw new InvalidFieldException("retry.maxDelay", "must be at most 3650 days", maxDelay);
    }
    if (!(noise >= 0 && noise <= 1)) {
      throw new InvalidFieldException("retry.noise", "must be from 0 to 1", noise);
    }
    if (maxAttempts < 1) {
      throw new InvalidFieldException("retry.maxAttempts", "must be at least 1", maxAttempts);
    }
  }

  /** 1 s, doubled each attempt up to 6 h, a tenth of noise, 25 attempts. */
  public static RetryPolicy defaults() {
    return new RetryPolicy(Duration.ofSeconds(1), Duration.ofHours(6), 0.1, 25);
  }

  /** This policy with another number of attempts. */
  public RetryPolicy maxAttempts(int maxAttempts) {
    return new RetryPolicy(firstDelay, maxDelay, noise, maxAttempts);
  }

  /** This policy with another first and longest wait. */
  public RetryPolicy delays(Duration firstDelay, Duration maxDelay) {
    return new RetryPolicy(firstDelay, maxDelay, noise, maxAttempts);
  }

  /** This policy with another part of noise. */
  public RetryPolicy noise(double noise) {
    return new RetryPolicy(firstDelay, maxDelay, noise, maxAttempts);
  }

  /**
   * The wait after attempt number {@code attempt}, the first being 1: {@code firstDelay *
   * 2^(attempt-1)}.
   */
  public Duration delayAfter(int attempt, RandomGenerator random) {
    Duration delay = firstDelay;
    for (int i = 1; i < attempt && delay.compareTo(maxDelay) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    if (delay.compareTo(maxDelay) > 0) {
      delay = maxDelay;
    }
    long millis = delay.toMillis();
    return Duration.ofMillis(millis + Math.round(millis * noise * random.nextDouble(-1, 1)));
  }
}
