package dev.pitstop.server.store;

import dev.pitstop.server.api.Bounds;
import dev.pitstop.server.api.Node;
import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Endpoint;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The calls of a store as routes, batch for batch, so that the engine of another process works on
 * it. What comes in is checked as the engine here would, and rights are looked at in each queue.
 * Immutable.
 */
public final class StoreRoutes {
  private static final int ENVELOPE = 128 << 10;

  private final Node node;
  private final int mostBytes;

  /**
   * On a node, with so much in one call as a batch may have, and a message of any size at least.
   */
  public StoreRoutes(Node node, Bounds bounds) {
    this.node = node;
    this.mostBytes =
        (int)
            Math.min(
                Integer.MAX_VALUE - 8,
                Math.max(bounds.batchBytes(), (long) node.maxBody() + ENVELOPE));
  }

  /** Carries out a call; may block. */
  @FunctionalInterface
  interface Carrying {
    /** Reads what was sent, and writes the answer. */
    void out(Call call, Input in, Output out);
  }

  /** All of them. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new Looks(this, node, mostBytes).routes());
    routes.addAll(new Writes(this, node).routes());
    routes.addAll(new Leasing(this, node).routes());
    return routes;
  }

  /** A route whose call is answered once it was carried out. */
  Route route(StoreCall which, Carrying carrying) {
    return endpoint(
        which,
        call ->
            body(call)
                .thenApplyAsync(
                    in -> {
                      Output out = new Output();
                      carrying.out(call, in, out);
                      return answer(out);
                    },
                    node.blocking()));
  }

  /** A route of a call. */
  Route endpoint(StoreCall which, Endpoint endpoint) {
    return new Route("POST", which.path(), Right.ANY, Set.of(), endpoint);
  }

  /** What a call has sent, if it speaks as this version does. */
  CompletableFuture<Input> body(Call call) {
    String type = call.contentType().orElse("");
    if (!type.equals(StoreCall.MEDIA_TYPE)) {
      throw Problem.of(
              Problem.Kind.UNSUPPORTED_MEDIA_TYPE, "this server takes " + StoreCall.MEDIA_TYPE)
          .with("field", "Content-Type")
          .with("limit", StoreCall.MEDIA_TYPE)
          .with("value", type);
    }
    return call.body(mostBytes).thenApply(Input::new);
  }

  private Answer answer(Output out) {
    Instant now = node.now();
    long micros =
        TimeUnit.SECONDS.toMicros(now.getEpochSecond())
            + TimeUnit.NANOSECONDS.toMicros(now.getNano());
    return Answer.of(200, StoreCall.MEDIA_TYPE, out.bytes())
        .header(StoreCall.TIME_HEADER, Long.toString(micros));
  }
}
