package dev.pitstop.server.store;

import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import java.util.HashSet;
import java.util.Set;

/** What a call may do in queues, asked once for each queue of a batch. For one thread. */
final class Allowed {
  private record Grant(Right right, String queue) {}

  private final Node node;
  private final Call call;
  private final Set<Grant> known = new HashSet<>();

  Allowed(Node node, Call call) {
    this.node = node;
    this.call = call;
  }

  /**
   * The queue, if the call may do that in it.
   *
   * @throws dev.pitstop.server.http.Problem when it may not, or the queue is one that servers keep
   *     for themselves
   */
  String require(Right right, String queue) {
    Grant grant = new Grant(right, queue);
    if (!known.contains(grant)) {
      node.require(call, queue, right);
      known.add(grant);
    }
    return queue;
  }
}
