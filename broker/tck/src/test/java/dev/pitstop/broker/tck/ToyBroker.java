package dev.pitstop.broker.tck;

import dev.pitstop.Message;
import dev.pitstop.broker.SendException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A broker within this process, with one fault or none, to try the kit by. What it keeps outlives a
 * kill; what is asked of it while it stands still waits. Thread-safe.
 */
final class ToyBroker implements PlainBroker {
  static final int LARGEST = 2_000_000;

  private static final Duration READ = Duration.ofSeconds(1);

  private static volatile ToyBroker current = new ToyBroker(Fault.NONE);

  private final Fault fault;
  private final List<ToySource> sources = new CopyOnWriteArrayList<>();

  /* Guarded by this. */
  private final Map<String, Deque<Kept>> places = new HashMap<>();
  private final List<Asked> waiting = new ArrayList<>();
  private boolean runs = true;
  private boolean stands;
  private long numbers;

  private ToyBroker(Fault fault) {
    this.fault = fault;
  }

  /** A message in a place. */
  record Kept(long number, Message<byte[]> message) {}

  /** A message to be kept, and who waits for that. */
  private record Asked(String place, Message<byte[]> message, CompletableFuture<Void> confirmed) {}

  static ToyBroker start(Fault fault) {
    current = new ToyBroker(fault);
    return current;
  }

  static ToyBroker current() {
    return current;
  }

  boolean has(Fault asked) {
    return fault == asked;
  }

  // what the adapter does

  synchronized boolean isRunning() {
    return runs;
  }

  CompletableFuture<Void> send(String place, Message<byte[]> message) {
    Asked asked = new Asked(place, message, new CompletableFuture<>());
    boolean lost;
    boolean waits;
    synchronized (this) {
      lost = !runs;
      waits = stands;
      if (waits) {
        waiting.add(asked);
      }
    }
    if (lost) {
      lose(asked);
    } else if (!waits) {
      answer(asked);
    }
    return asked.confirmed();
  }

  private void answer(Asked asked) {
    Optional<SendException> refusal = keep(asked.place(), asked.message());
    refusal.ifPresentOrElse(
        asked.confirmed()::completeExceptionally, () -> asked.confirmed().complete(null));
    sources.forEach(ToySource::pump);
  }

  private void lose(Asked asked) {
    if (!has(Fault.NEVER_TELLS_WHAT_IS_LOST)) {
      asked.confirmed().completeExceptionally(SendException.passing("the broker is away"));
    }
  }

  private synchronized Optional<SendException> keep(String place, Message<byte[]> message) {
    boolean silent = has(Fault.GIVES_NO_REASON);
    Deque<Kept> kept = places.get(place);
    if (kept == null) {
      return Optional.of(SendException.passing(silent ? "failed" : "no place " + place));
    }
    if (message.body().length > LARGEST) {
      return Optional.of(SendException.lasting("larger than " + LARGEST));
    }
    if (has(Fault.CONFIRMS_BEFORE_IT_KEEPS)) {
      return Optional.empty();
    }
    boolean text = has(Fault.KEEPS_BODIES_AS_TEXT);
    byte[] body =
        text
            ? new String(message.body(), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8)
            : message.body();
    Message<byte[]> own =
        new Message<>(body, Optional.empty(), message.headers(), message.contentType());
    kept.add(new Kept(numbers++, own));
    if (has(Fault.KEEPS_SOME_TWICE) && numbers % 1000 == 999) {
      kept.add(new Kept(numbers++, own));
    }
    return Optional.empty();
  }

  private synchronized Deque<Kept> place(String name) {
    return Objects.requireNonNull(places.get(name), name);
  }

  void attach(ToySource source) {
    sources.add(source);
    source.pump();
  }

  void detach(ToySource source) {
    sources.remove(source);
  }

  synchronized @Nullable Kept take(String place) {
    Deque<Kept> kept = places.get(place);
    if (!runs || stands || kept == null) {
      return null;
    }
    return has(Fault.HANDS_OUT_THE_LAST_FIRST) ? kept.pollLast() : kept.poll();
  }

  void giveBack(String place, Kept kept) {
    synchronized (this) {
      place(place).addFirst(kept);
    }
    sources.forEach(ToySource::pump);
  }

  // what the kit does

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.IDS, Trait.ACKS_EACH);
  }

  @Override
  public synchronized String freshPlace() {
    String place = "place-" + places.size();
    places.put(place, new ArrayDeque<>());
    return place;
  }

  @Override
  public String address(String place) {
    return "toy://me:" + password() + "@here/" + place;
  }

  @Override
  public String password() {
    return "s3cret";
  }

  @Override
  public void put(String place, List<Message<byte[]>> messages) {
    synchronized (this) {
      for (Message<byte[]> message : messages) {
        place(place).add(new Kept(numbers++, message));
      }
    }
    sources.forEach(ToySource::pump);
  }

  @Override
  public synchronized List<Message<byte[]>> read(String place, int count) {
    Deque<Kept> kept = place(place);
    long end = System.nanoTime() + READ.toNanos();
    try {
      while (kept.size() < count && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.timedWait(this, 10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return kept.stream().map(Kept::message).toList();
  }

  @Override
  public synchronized long left(String place) {
    return place(place).size();
  }

  @Override
  public List<Refusal> refusals() {
    Message<byte[]> small = Message.of(new byte[] {1});
    Message<byte[]> large = Message.of(new byte[LARGEST + 1]);
    return List.of(
        new Refusal("no such place", address("nowhere"), small, "no place", false),
        new Refusal("too large", address(freshPlace()), large, "larger", true));
  }

  @Override
  public void kill() {
    List<Asked> lost;
    synchronized (this) {
      runs = false;
      stands = false;
      lost = List.copyOf(waiting);
      waiting.clear();
    }
    lost.forEach(this::lose);
    sources.forEach(ToySource::lose);
  }

  @Override
  public void restart() {
    synchronized (this) {
      runs = true;
    }
    sources.forEach(ToySource::pump);
  }

  @Override
  public synchronized void pause() {
    stands = true;
  }

  @Override
  public void resume() {
    List<Asked> asked;
    synchronized (this) {
      stands = false;
      asked = List.copyOf(waiting);
      waiting.clear();
    }
    asked.forEach(this::answer);
    sources.forEach(ToySource::pump);
  }
}
