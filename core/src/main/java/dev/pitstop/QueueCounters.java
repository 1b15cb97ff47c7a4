package dev.pitstop;

/**
 * What one Pitstop has done in a queue since it was opened. Each number only grows.
 *
 * @param stored messages stored, replaced ones included
 * @param emitted deliveries handed out
 * @param acked deliveries settled by ack
 * @param nacked deliveries settled by nack, the last attempt included
 * @param released deliveries given back
 * @param rescheduled deliveries settled by reschedule
 * @param buried messages set aside
 * @param givenUp occurrences of recurring messages given up after their last attempt
 * @param skipped occurrences not emitted because they were missed
 * @param ended recurring messages removed because their end had passed
 * @param leaseLost settles that changed nothing because the lease was lost
 */
public record QueueCounters(
    long stored,
    long emitted,
    long acked,
    long nacked,
    long released,
    long rescheduled,
    long buried,
    long givenUp,
    long skipped,
    long ended,
    long leaseLost) {}
