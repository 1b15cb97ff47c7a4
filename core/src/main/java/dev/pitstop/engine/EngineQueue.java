package dev.pitstop.engine;

import dev.pitstop.Codec;
import dev.pitstop.Deferral;
import dev.pitstop.Delivery;
import dev.pitstop.Filter;
import dev.pitstop.Handler;
import dev.pitstop.IfPresent;
import dev.pitstop.Listener;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Page;
import dev.pitstop.PitstopException;
import dev.pitstop.QueueCounters;
import dev.pitstop.QueueStats;
import dev.pitstop.Schedule;
import dev.pitstop.StoreResult;
import dev.pitstop.Stored;
import dev.pitstop.StoredMessage;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Limits;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.function.Supplier;

/** A queue of an engine. Thread-safe. */
final class EngineQueue<T> implements MessageQueue<T> {
  private static final int MAX_PAGE = 1_000;
  private static final int MAX_COUNT = 100_000;

  private final Engine engine;
  private final String name;
  private final Codec<T> codec;
  private final Counters counters;
  private final Entries<T> entries;

  EngineQueue(Engine engine, String name, Codec<T> codec, Counters counters) {
    this.engine = engine;
    this.name = name;
    this.codec = codec;
    this.counters = counters;
    this.entries = new Entries<>(name, codec, engine.options().maxBody());
  }

  Engine engine() {
    return engine;
  }

  Codec<T> codec() {
    return codec;
  }

  Counters engineCounters() {
    return counters;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletableFuture<Stored> store(T body, Instant at) {
    return attempt(() -> put(Message.of(body), Schedule.at(at), IfPresent.REPLACE));
  }

  @Override
  public CompletableFuture<Stored> store(T body, Schedule schedule) {
    return attempt(() -> put(Message.of(body), schedule, IfPresent.REPLACE));
  }

  @Override
  public CompletableFuture<Stored> store(Message<T> message, Instant at) {
    return attempt(() -> put(message, Schedule.at(at), IfPresent.REPLACE));
  }

  @Override
  public CompletableFuture<Stored> store(Message<T> message, Schedule schedule) {
    return attempt(() -> put(message, schedule, IfPresent.REPLACE));
  }

  @Override
  public CompletableFuture<Stored> store(
      Message<T> message, Schedule schedule, IfPresent ifPresent) {
    return attempt(() -> put(message, schedule, ifPresent));
  }

  @Override
  public CompletableFuture<List<StoreResult>> storeAll(List<Deferral<T>> deferrals) {
    return putAll(deferrals, deferral -> entries.put(deferral, engine.store().now()));
  }

  @Override
  public CompletableFuture<List<StoreResult>> restoreAll(List<StoredMessage> messages) {
    return putAll(messages, entries::restore);
  }

  @Override
  public CompletableFuture<Boolean> remove(String id) {
    return attempt(() -> engine.remove(key(id)));
  }

  @Override
  public Listener listen(Handler<T> handler) {
    return listen(ListenerOptions.defaults(), handler);
  }

  @Override
  public Listener listen(ListenerOptions options, Handler<T> handler) {
    Objects.requireNonNull(handler, "handler");
    return engine.listen(
        this,
        options,
        (changed, stop) -> new Dispatcher<>(handler, engine.handlers(), options, changed));
  }

  @Override
  public Flow.Publisher<Delivery<T>> deliveries() {
    return deliveries(ListenerOptions.defaults());
  }

  @Override
  public Flow.Publisher<Delivery<T>> deliveries(ListenerOptions options) {
    return subscriber -> engine.subscribe(this, options, Objects.requireNonNull(subscriber));
  }

  @Override
  public CompletableFuture<Optional<StoredMessage>> find(String id) {
    return attempt(() -> ask(store -> store.find(key(id)).map(Entries::stored)));
  }

  @Override
  public CompletableFuture<Page<StoredMessage>> list(
      Filter filter, Optional<String> from, int limit) {
    return attempt(
        () -> {
          int most = Limits.from("limit", limit, 1, MAX_PAGE);
          return ask(store -> store.list(name, filter, from, most).map(Entries::stored));
        });
  }

  @Override
  public CompletableFuture<Page<StoredMessage>> search(
      String prefix, Optional<String> from, int limit) {
    Objects.requireNonNull(prefix, "prefix");
    return attempt(
        () -> {
          int most = Limits.from("limit", limit, 1, MAX_PAGE);
          return ask(store -> store.search(name, prefix, from, most).map(Entries::stored));
        });
  }

  @Override
  public CompletableFuture<List<Long>> countDue(List<Instant> edges, int most) {
    return attempt(
        () -> {
          List<Instant> checked = Limits.edges(edges);
          int each = Limits.from("most", most, 1, MAX_COUNT);
          return ask(store -> store.countDue(name, checked, each));
        });
  }

  @Override
  public CompletableFuture<Boolean> requeue(String id) {
    return attempt(() -> ask(store -> store.requeue(key(id))));
  }

  @Override
  public CompletableFuture<Long> requeueAll() {
    return ask(store -> store.requeueAll(name));
  }

  @Override
  public CompletableFuture<Boolean> reschedule(String id, Instant at) {
    return attempt(
        () -> {
          Instant due = Schedule.at(at).at();
          return ask(store -> store.reschedule(key(id), due));
        });
  }

  @Override
  public CompletableFuture<Boolean> pause() {
    return ask(store -> store.pause(name, true));
  }

  @Override
  public CompletableFuture<Boolean> resume() {
    return ask(store -> store.pause(name, false));
  }

  @Override
  public CompletableFuture<List<Delivery<T>>> lease(int limit, ListenerOptions options) {
    return attempt(
        () -> {
          int most = Limits.from("limit", limit, 1, MAX_PAGE);
          return ask(store -> puller(options).lease(most));
        });
  }

  @Override
  public CompletableFuture<Optional<Delivery<T>>> leased(
      String id, long token, ListenerOptions options) {
    return attempt(
        () -> {
          Key key = key(id);
          return ask(store -> puller(options).leased(key, token));
        });
  }

  private Puller<T> puller(ListenerOptions options) {
    return engine.puller(this, options);
  }

  @Override
  public CompletableFuture<Long> purge() {
    return ask(store -> store.purge(name));
  }

  @Override
  public CompletableFuture<QueueStats> stats() {
    return ask(
        store ->
            store.stats().stream()
                .filter(stats -> stats.queue().equals(name))
                .findFirst()
                .orElseGet(() -> QueueStats.empty(name)));
  }

  @Override
  public QueueCounters counters() {
    return counters.sums();
  }

  @Override
  public <U> U unwrap(Class<U> type) {
    QueueDoor door =
        new QueueDoor() {
          @Override
          public String queue() {
            return name;
          }

          @Override
          @SuppressWarnings("unchecked") // of another type than the queue's the codec refuses it
          public Put put(Message<?> message, Schedule schedule, IfPresent ifPresent) {
            return entries.put(
                new Deferral<>((Message<T>) message, schedule, ifPresent), engine.store().now());
          }
        };
    Store store = engine.store();
    return store.unwrap(type, door).orElseThrow(() -> nothingOf(type, store));
  }

  /** The failure of a store that does not offer what was asked for. */
  static PitstopException nothingOf(Class<?> type, Store store) {
    return new PitstopException(
        store.getClass().getSimpleName() + " offers nothing of the type " + type.getName());
  }

  private Key key(String id) {
    return new Key(name, Limits.id(id));
  }

  private <R> CompletableFuture<R> ask(Function<Store, R> question) {
    return engine.ask(question);
  }

  private CompletableFuture<Stored> put(
      Message<T> message, Schedule schedule, IfPresent ifPresent) {
    Put put = entries.put(new Deferral<>(message, schedule, ifPresent), engine.store().now());
    PutCall.One call = new PutCall.One(put, counters, engine.writes()::isAlone);
    engine.writes().submitWithin(call, PutCall.bytes(put));
    return call.stored();
  }

  private <D> CompletableFuture<List<StoreResult>> putAll(List<D> items, Function<D, Put> entry) {
    PutCall.Batch batch = new PutCall.Batch(items.size(), counters);
    List<PutCall> calls = new ArrayList<>(items.size());
    long bytes = 0;
    for (int i = 0; i < items.size(); i++) {
      try {
        Put put = entry.apply(items.get(i));
        bytes += PutCall.bytes(put);
        calls.add(batch.call(put, i));
      } catch (PitstopException e) {
        batch.refuse(i, e);
      }
    }
    engine.writes().submitAllWithin(calls, bytes);
    return batch.results();
  }

  private static <R> CompletableFuture<R> attempt(Supplier<CompletableFuture<R>> call) {
    try {
      return call.get();
    } catch (PitstopException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
