package dev.pitstop.client;

import dev.pitstop.Filter;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.QueueStats;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.DeliveryDoor;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.HeldException;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.QueueDoor;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import dev.pitstop.wire.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The store of a server. What is due, leased and settled is decided there. Thread-safe. */
final class HttpStore implements Store {
  private static final int PART = 4 << 20;

  private final Calls calls;
  private final ServerClock clock;
  private final Waking waking;
  private final Upkeep upkeep;
  private final Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
  private final int mostBytes;
  private final Parts parts;
  private volatile boolean closed;

  private HttpStore(Server server) {
    clock = new ServerClock();
    calls = new Calls(server, clock);
    Input opened = calls.ask(StoreCall.OPEN, new byte[0]);
    mostBytes = opened.integer();
    parts = new Parts(Math.min(PART, mostBytes));
    addKnown(Wire.list(opened, Input::text));
    upkeep = new Upkeep(calls, clock);
    waking = new Waking(server, calls);
  }

  /**
   * Opens the store of a server.
   *
   * @throws dev.pitstop.StoreUnavailableException when there is none, or it speaks otherwise
   * @throws dev.pitstop.PitstopException when it wants another token
   */
  static HttpStore open(Server server) {
    HttpStore store = new HttpStore(server);
    store.upkeep.begin();
    return store;
  }

  /*
   * Whatever the store behind the server is, several processes can work on it through the server; and
   * nobody here can set its clock.
   */
  private void addKnown(List<String> names) {
    for (Capability capability : Capability.values()) {
      if (names.contains(capability.name())) {
        capabilities.add(capability);
      }
    }
    capabilities.add(Capability.SHARED);
    capabilities.remove(Capability.SETTABLE_CLOCK);
  }

  @Override
  public Instant now() {
    return clock.now();
  }

  @Override
  public List<PutResult> put(List<Put> puts) {
    return parts.send(
        puts,
        Wire::put,
        (bytes, count) ->
            bytes.length > mostBytes
                ? List.of(tooLarge(bytes))
                : read(change(StoreCall.PUT, bytes), count, Wire::result));
  }

  /** Sending it would end in a connection that is cut. */
  private PutResult tooLarge(byte[] put) {
    return new PutResult.Refused(
        new InvalidFieldException(
            "body",
            "must be such that the message is at most " + mostBytes + " bytes, as the server takes",
            put.length + " bytes"));
  }

  @Override
  public List<Entry> lease(String queue, int limit, Duration leaseTime) {
    Output out = new Output().text(queue);
    out.number(Math.min(limit, StoreCall.MOST_LEASED)).duration(leaseTime);
    return Wire.list(change(StoreCall.LEASE, out), Wire::entry);
  }

  @Override
  public List<Boolean> settle(List<Settlement> settlements) {
    return parts.send(
        settlements,
        Wire::settlement,
        (bytes, count) -> read(change(StoreCall.SETTLE, bytes), count, Input::flag));
  }

  @Override
  public List<Boolean> remove(List<Key> keys) {
    return parts.send(
        keys, Wire::key, (bytes, count) -> removed(change(StoreCall.REMOVE, bytes), count));
  }

  private static List<Boolean> removed(Input in, int count) {
    if (!in.flag()) {
      String held = in.chars();
      throw new HeldException(held, new IllegalStateException(held));
    }
    return read(in, count, Input::flag);
  }

  private static <T> List<T> read(Input in, int count, Function<Input, T> read) {
    List<T> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(read.apply(in));
    }
    in.end();
    return all;
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return ask(StoreCall.UNTIL_NEXT_DUE, new Output().text(queue)).optional(Input::duration);
  }

  @Override
  public Subscription onWake(String queue, Runnable wake) {
    refuseClosed();
    return waking.add(queue, wake);
  }

  @Override
  public Optional<Entry> find(Key key) {
    Output out = new Output();
    Wire.key(out, key);
    return ask(StoreCall.FIND, out).optional(Wire::entry);
  }

  @Override
  public Page<Entry> list(String queue, Filter filter, Optional<String> from, int limit) {
    return pages(
        from,
        limit,
        (cursor, most) -> {
          Output out = new Output().text(queue);
          Wire.filter(out, filter);
          out.optional(cursor, Output::chars).number(most);
          return Wire.page(ask(StoreCall.LIST, out));
        });
  }

  @Override
  public Page<Entry> search(String queue, String prefix, Optional<String> from, int limit) {
    return pages(
        from,
        limit,
        (cursor, most) -> {
          Output out = new Output().text(queue).chars(prefix);
          out.optional(cursor, Output::chars).number(most);
          return Wire.page(ask(StoreCall.SEARCH, out));
        });
  }

  /** One page of several of the server's, which are short. */
  private static Page<Entry> pages(
      Optional<String> from, int limit, BiFunction<Optional<String>, Integer, Page<Entry>> page) {
    List<Entry> entries = new ArrayList<>();
    Optional<String> next = from;
    do {
      int most = Math.min(StoreCall.MOST_LISTED, limit - entries.size());
      Page<Entry> more = page.apply(next, most);
      entries.addAll(more.items());
      next = more.next();
    } while (next.isPresent() && entries.size() < limit);
    return new Page<>(entries, next);
  }

  @Override
  public List<QueueStats> stats() {
    return Wire.list(ask(StoreCall.STATS, new Output()), Wire::stats);
  }

  @Override
  public List<Long> countDue(String queue, List<Instant> edges, int most) {
    Output out = new Output().text(queue);
    Wire.list(out, edges, Output::instant);
    return Wire.list(ask(StoreCall.COUNT_DUE, out.number(most)), Input::number);
  }

  @Override
  public boolean requeue(Key key) {
    Output out = new Output();
    Wire.key(out, key);
    return change(StoreCall.REQUEUE, out).flag();
  }

  @Override
  public long requeueAll(String queue) {
    return change(StoreCall.REQUEUE_ALL, new Output().text(queue)).number();
  }

  @Override
  public boolean reschedule(Key key, Instant due) {
    Output out = new Output();
    Wire.key(out, key);
    return change(StoreCall.RESCHEDULE, out.millis(due)).flag();
  }

  @Override
  public boolean pause(String queue, boolean paused) {
    return change(StoreCall.PAUSE, new Output().text(queue).flag(paused)).flag();
  }

  @Override
  public long purge(String queue) {
    return change(StoreCall.PURGE, new Output().text(queue)).number();
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, QueueDoor door) {
    return Optional.empty();
  }

  @Override
  public <U> Optional<U> unwrap(Class<U> type, DeliveryDoor door) {
    return Optional.empty();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.copyOf(capabilities);
  }

  @Override
  public void close() {
    closed = true;
    waking.close();
    upkeep.close();
  }

  private Input ask(StoreCall call, Output out) {
    refuseClosed();
    return calls.ask(call, out.bytes());
  }

  private Input change(StoreCall call, Output out) {
    return change(call, out.bytes());
  }

  private Input change(StoreCall call, byte[] bytes) {
    refuseClosed();
    return calls.change(call, bytes);
  }

  private void refuseClosed() {
    if (closed) {
      throw calls.failures().closed();
    }
  }
}
