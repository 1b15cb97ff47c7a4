package dev.pitstop.server.store;

import dev.pitstop.server.api.Node;
import dev.pitstop.server.api.Reserved;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Limits;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import dev.pitstop.wire.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The calls that change nothing. Entries come with their bodies, which consuming allows. */
final class Looks {
  private static final int MOST_COUNTED = 1_000_000;

  private final StoreRoutes routes;
  private final Node node;
  private final int mostBytes;

  Looks(StoreRoutes routes, Node node, int mostBytes) {
    this.routes = routes;
    this.node = node;
    this.mostBytes = mostBytes;
  }

  List<Route> routes() {
    return List.of(
        routes.route(StoreCall.OPEN, this::open),
        routes.route(StoreCall.TIME, (call, in, out) -> in.end()),
        routes.route(StoreCall.FIND, this::find),
        routes.route(StoreCall.LIST, this::list),
        routes.route(StoreCall.SEARCH, this::search),
        routes.route(StoreCall.STATS, this::stats),
        routes.route(StoreCall.COUNT_DUE, this::countDue));
  }

  private void open(Call call, Input in, Output out) {
    in.end();
    Set<String> capabilities = new TreeSet<>();
    node.store().capabilities().forEach(capability -> capabilities.add(capability.name()));
    out.number(mostBytes);
    Wire.list(out, List.copyOf(capabilities), Output::text);
  }

  private void find(Call call, Input in, Output out) {
    Key key = Wire.key(in);
    in.end();
    node.require(call, key.queue(), Right.CONSUME);
    Limits.id(key.id());
    out.optional(node.store().find(key), Wire::entry);
  }

  private void list(Call call, Input in, Output out) {
    String queue = in.text();
    var filter = Wire.filter(in);
    Optional<String> from = in.optional(Input::chars);
    int limit = limit(in);
    in.end();
    node.require(call, queue, Right.CONSUME);
    Wire.page(out, node.store().list(queue, filter, from, limit));
  }

  private void search(Call call, Input in, Output out) {
    String queue = in.text();
    String prefix = in.chars();
    Optional<String> from = in.optional(Input::chars);
    int limit = limit(in);
    in.end();
    node.require(call, queue, Right.CONSUME);
    Wire.page(out, node.store().search(queue, prefix, from, limit));
  }

  private static int limit(Input in) {
    return Limits.from("limit", in.integer(), 1, StoreCall.MOST_LISTED);
  }

  private void stats(Call call, Input in, Output out) {
    in.end();
    Wire.list(
        out,
        node.store().stats().stream()
            .filter(stats -> !Reserved.is(stats.queue()))
            .filter(stats -> call.caller().may(Right.VIEW, stats.queue()))
            .toList(),
        Wire::stats);
  }

  private void countDue(Call call, Input in, Output out) {
    String queue = in.text();
    List<Instant> edges = Limits.edges(Wire.list(in, Input::instant));
    int most = Limits.from("most", in.integer(), 0, MOST_COUNTED);
    in.end();
    node.require(call, queue, Right.VIEW);
    Wire.list(out, node.store().countDue(queue, edges, most), Output::number);
  }
}
