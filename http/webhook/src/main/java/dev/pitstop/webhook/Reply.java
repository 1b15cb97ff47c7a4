package dev.pitstop.webhook;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of a post. Immutable.
 *
 * @param outcome in a word
 * @param status of the answer; 0 when there was none
 * @param error what went wrong, for people; empty when nothing did
 * @param retryAfter how long the target asks to be left alone
 * @param took until the answer, or until none was waited for any more
 */
public record Reply(
    Outcome outcome, int status, String error, Optional<Duration> retryAfter, Duration took) {
  /** What can come of a post. */
  public enum Outcome {
    /** A status of 2xx. */
    OK,
    /** 410: the target wants no more of it. */
    GONE,
    /** Any other status. */
    FAILED,
    /** No answer within the time limit. */
    TIMEOUT,
    /** No connection, or one that broke. */
    UNREACHABLE,
    /** The target is in a network that it must not be in. */
    REFUSED,
    /** The sender was closed. */
    STOPPED;

    /** The word for it: {@code ok}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
