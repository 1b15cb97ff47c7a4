package dev.pitstop.server.http;

import dev.pitstop.InvalidFieldException;
import java.time.Duration;

/**
 * How much is taken at once, and how long for. Immutable.
 *
 * @param connections so many at once at most; more wait to be accepted
 * @param requests so many under way at once at most, those that wait for something to be due
 *     included
 * @param headerBytes so many bytes of request line and headers at most
 * @param headers so many headers at most
 * @param bodyBytes so many bytes of bodies at once at most, of all requests together
 * @param idle after how long a connection on which nothing comes is closed
 * @param requestTime within how long the headers of a request must have arrived, and then its body
 */
public record Limits(
    int connections,
    int requests,
    int headerBytes,
    int headers,
    long bodyBytes,
    Duration idle,
    Duration requestTime) {

  /** Refuses what is out of bounds. */
  public Limits {
    atLeast("maxConnections", connections, 1);
    atLeast("maxRequests", requests, 1);
    atLeast("maxHeaderBytes", headerBytes, 1 << 10);
    atLeast("maxHeaders", headers, 8);
    atLeast("maxBodies", bodyBytes, 1);
    atLeast("idleTimeout", idle.toMillis(), 1);
    atLeast("requestTimeout", requestTime.toMillis(), 1);
  }

  /**
   * 2,000 connections and 1,000 requests at once, headers of 64 KiB (room for 16 KiB of a message
   * and what goes around them), 64 MiB of bodies at once, a minute idle, 30 s for a request.
   */
  public static Limits defaults() {
    return new Limits(
        2_000, 1_000, 64 << 10, 200, 64L << 20, Duration.ofSeconds(60), Duration.ofSeconds(30));
  }

  private static void atLeast(String field, long value, long least) {
    if (value < least) {
      throw new InvalidFieldException(field, "must be at least " + least, value);
    }
  }
}
