package dev.pitstop.bench;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Leases and acks in turn until nothing is due any more. For one connection. */
final class Pulling implements Conversation {
  private final String queue;
  private final byte[] lease;
  private final AtomicInteger acked;
  private boolean leasing;

  /**
   * One that begins.
   *
   * @param limit how many it leases at once
   * @param acked counts those that it has acked
   */
  Pulling(String queue, int limit, AtomicInteger acked) {
    this.queue = queue;
    this.lease = HttpMessage.post("/v1/queues/" + queue + "/leases?limit=" + limit, "", "");
    this.acked = acked;
  }

  @Override
  public byte @Nullable [] next(@Nullable HttpMessage answer) {
    if (answer == null || !leasing) {
      if (answer != null) {
        acked.addAndGet(Leased.acked(answer));
      }
      leasing = true;
      return lease;
    }
    leasing = false;
    List<Leased> leased = Leased.in(answer.orThrow().body());
    return leased.isEmpty() ? null : Leased.ack(queue, leased);
  }
}
