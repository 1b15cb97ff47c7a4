package dev.pitstop.server.store;

import dev.pitstop.PitstopException;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.spi.HeldException;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import dev.pitstop.wire.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The calls that store, remove and move messages. Immutable. */
final class Writes {
  private final StoreRoutes routes;
  private final Node node;

  Writes(StoreRoutes routes, Node node) {
    this.routes = routes;
    this.node = node;
  }

  List<Route> routes() {
    return List.of(
        routes.route(StoreCall.PUT, this::put),
        routes.route(StoreCall.REMOVE, this::remove),
        routes.route(StoreCall.REQUEUE, this::requeue),
        routes.route(StoreCall.REQUEUE_ALL, this::requeueAll),
        routes.route(StoreCall.RESCHEDULE, this::reschedule),
        routes.route(StoreCall.PAUSE, this::pause),
        routes.route(StoreCall.PURGE, this::purge));
  }

  /** Each put stands for itself: one that may not be is refused alone. */
  private void put(Call call, Input in, Output out) {
    List<Put> puts = Wire.rest(in, Wire::put);
    Allowed allowed = new Allowed(node, call);
    List<Put> good = new ArrayList<>(puts.size());
    List<PutResult> refused = new ArrayList<>(puts.size());
    for (Put put : puts) {
      try {
        allowed.require(Checks.right(put), put.entry().key().queue());
        good.add(Checks.put(put, node.maxBody()));
        refused.add(PutResult.CREATED); // until the store has said what came of it
      } catch (PitstopException e) {
        refused.add(new PutResult.Refused(e));
      } catch (Problem e) {
        refused.add(new PutResult.Refused(new PitstopException(e.said())));
      }
    }
    Iterator<PutResult> results =
        (good.isEmpty() ? List.<PutResult>of() : node.store().put(good)).iterator();
    for (PutResult result : refused) {
      Wire.result(out, result instanceof PutResult.Refused ? result : results.next());
    }
  }

  private void remove(Call call, Input in, Output out) {
    List<Key> keys = Wire.rest(in, Wire::key);
    Allowed allowed = new Allowed(node, call);
    for (Key key : keys) {
      allowed.require(Right.ADMIN, key.queue());
      Limits.id(key.id());
    }
    try {
      List<Boolean> there = node.store().remove(keys);
      out.flag(true);
      there.forEach(out::flag);
    } catch (HeldException e) {
      out.flag(false).chars(String.valueOf(e.getMessage()));
    }
  }

  private void requeue(Call call, Input in, Output out) {
    Key key = administered(call, in);
    in.end();
    out.flag(node.store().requeue(key));
  }

  private void reschedule(Call call, Input in, Output out) {
    Key key = administered(call, in);
    Instant due = Checks.due("due", in.millis());
    in.end();
    out.flag(node.store().reschedule(key, due));
  }

  private Key administered(Call call, Input in) {
    Key key = Wire.key(in);
    node.require(call, key.queue(), Right.ADMIN);
    Limits.id(key.id());
    return key;
  }

  private void requeueAll(Call call, Input in, Output out) {
    String queue = in.text();
    in.end();
    node.require(call, queue, Right.ADMIN);
    out.number(node.store().requeueAll(queue));
  }

  private void pause(Call call, Input in, Output out) {
    String queue = in.text();
    boolean paused = in.flag();
    in.end();
    node.require(call, queue, Right.ADMIN);
    out.flag(node.store().pause(queue, paused));
  }

  private void purge(Call call, Input in, Output out) {
    String queue = in.text();
    in.end();
    node.require(call, queue, Right.ADMIN);
    out.number(node.store().purge(queue));
  }
}
