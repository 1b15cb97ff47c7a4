package dev.pitstop.server.store;

import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Settlement;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import dev.pitstop.wire.Wire;
import java.time.Duration;
import java.util.List;

/**
 * The calls by which messages are leased and settled. Immutable.
 *
 * <p>What was leased for a caller who did not get the answer comes back when the lease runs out: a
 * connection that broke does not tell whether the answer had arrived.
 */
final class Leasing {
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
    Wire.list(out, node.store().lease(queue, limit, leaseTime), Wire::entry);
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
