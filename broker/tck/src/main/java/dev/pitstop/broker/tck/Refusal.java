package dev.pitstop.broker.tck;

import dev.pitstop.Message;

/**
 * A message that the broker refuses.
 *
 * @param what in a few words, for the failure of a test: {@code no such queue}
 * @param address where it is sent to, as a user writes it
 * @param message what is refused
 * @param reason a part of what the broker says of it
 * @param lasting whether trying again is of no use
 */
public record Refusal(
    String what, String address, Message<byte[]> message, String reason, boolean lasting) {}
