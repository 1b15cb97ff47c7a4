package dev.pitstop;

import java.time.Instant;
import java.util.Optional;

/**
 * How a listener fares.
 *
 * @param healthy whether its last look at the store succeeded and came to its end
 * @param trouble what the store failed with or what the look is held up by, while it is not healthy
 * @param since when it changed to how it is now, by the machine's clock
 */
public record ListenerHealth(boolean healthy, Optional<String> trouble, Instant since) {}
