package dev.pitstop.server.store;

import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Settlement;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import dev.pitstop.wire.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls by which messages are leased and settled. Immutable.
 *
 * <p>What was leased for a caller who did not get the answer comes back when the lease runs out: a
 * connection that broke does not tell whether the answer had arrived.
 */
final class Leasing {
  private static final int FIRST = 32;
  private static final long MOST_BYTES = 32L << 20;

  private final StoreRoutes routes;
  private final Node node;

  Leasing(StoreRoutes routes, Node node) {
    this.routes = routes;
    this.node = node;
  }

  List<Route> routes() {
    WakeStreams wakes = new WakeStreams(node);
    return List.of(
        routes.route(StoreCall.LEASE, this::lease),
        routes.route(StoreCall.SETTLE, this::settle),
        routes.route(StoreCall.UNTIL_NEXT_DUE, this::untilNextDue),
        routes.endpoint(
            StoreCall.WAKES,
            call ->
                routes.body(call).thenApplyAsync(in -> wakes.answer(call, in), node.blocking())));
  }

  private void lease(Call call, Input in, Output out) {
    String queue = in.text();
    int limit = Limits.from("limit", in.integer(), 1, StoreCall.MOST_LEASED);
    Duration leaseTime = Checks.leaseTime(in.duration());
    in.end();
    node.require(call, queue, Right.CONSUME);
    Wire.list(out, lease(queue, limit, leaseTime), Wire::entry);
  }

  /**
   * Leases a few, and of their size as many more as fit into memory; may be fewer than asked for.
   */
  private List<Entry> lease(String queue, int limit, Duration leaseTime) {
    List<Entry> leased = new ArrayList<>();
    long bytes = 0;
    long step = Math.min(limit, FIRST);
    while (step > 0) {
      List<Entry> more = node.store().lease(queue, (int) step, leaseTime);
      leased.addAll(more);
      if (more.size() < step) {
        break;
      }
      bytes += more.stream().mapToLong(entry -> entry.payload().body().length).sum();
      long fit = (MOST_BYTES - bytes) * leased.size() / Math.max(1, bytes);
      step = Math.min(limit - leased.size(), fit);
    }
    return leased;
  }

  private void settle(Call call, Input in, Output out) {
    List<Settlement> settlements = Wire.rest(in, Wire::settlement);
    Allowed allowed = new Allowed(node, call);
    for (Settlement settlement : settlements) {
      allowed.require(Right.CONSUME, settlement.key().queue());
      Checks.settlement(settlement);
    }
    node.store().settle(settlements).forEach(out::flag);
  }

  private void untilNextDue(Call call, Input in, Output out) {
    String queue = in.text();
    in.end();
    node.require(call, queue, Right.CONSUME);
    out.optional(node.store().untilNextDue(queue), Output::duration);
  }
}
