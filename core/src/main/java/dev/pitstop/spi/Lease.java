package dev.pitstop.spi;

import dev.pitstop.Schedule;
import java.time.Duration;
import java.time.Instant;

/**
 * A message's being kept for one holder.
 *
 * @param token larger than that of any earlier lease of the message, whatever became of it between
 * @param until when it runs out, by the store's clock
 */
public record Lease(long token, Instant until) {
  /**
   * When a lease from now on ends, in milliseconds since 1970; what would end after the year 9999
   * ends with it.
   */
  public static long end(long nowMillis, Duration leaseTime) {
    long last = Schedule.LAST.toEpochMilli();
    boolean longer = leaseTime.compareTo(Duration.ofMillis(last - nowMillis)) > 0;
    return longer ? last : nowMillis + leaseTime.toMillis();
  }
}
