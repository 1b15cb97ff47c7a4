package dev.pitstop.spi;

import java.time.Instant;

/**
 * A message's being kept for one holder.
 *
 * @param token larger than that of any earlier lease of the message, whatever became of it between
 * @param until when it runs out, by the store's clock
 */
public record Lease(long token, Instant until) {}
