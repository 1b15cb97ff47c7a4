package dev.pitstop.broker.tck;

import dev.pitstop.Message;
import dev.pitstop.PitstopException;
import dev.pitstop.broker.InHands;
import dev.pitstop.broker.Received;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Source;
import dev.pitstop.broker.tck.ToyBroker.Kept;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes from a place of a {@link ToyBroker}. Thread-safe. */
final class ToySource implements Source {
  private static final AtomicLong HANDED_OUT = new AtomicLong();

  private final ToyBroker broker;
  private final String place;
  private final InHands inHands = new InHands();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  /* Guarded by this. */
  private final Set<Toy> open = new LinkedHashSet<>();
  private int inFlight;
  private @Nullable Consumer<Received> receiver;

  ToySource(ToyBroker broker, String place) {
    this.broker = broker;
    this.place = place;
  }

  @Override
  public String name() {
    return "toy " + place;
  }

  @Override
  public void start(int inFlight, Consumer<Received> receiver) {
    synchronized (this) {
      this.inFlight = inFlight;
      this.receiver = receiver;
    }
    broker.attach(this);
  }

  /** Takes what there is room for. */
  synchronized void pump() {
    Consumer<Received> to = receiver;
    while (to != null
        && (open.size() < inFlight || broker.has(Fault.HANDS_OUT_ALL_AT_ONCE))
        && !inHands.isStopped()) {
      Kept kept = broker.take(place);
      if (kept == null) {
        return;
      }
      Toy toy = new Toy(kept);
      open.add(toy);
      inHands.take();
      thread.execute(() -> to.accept(toy));
    }
  }

  private boolean over(Toy toy) {
    boolean was;
    synchronized (this) {
      was = open.remove(toy);
    }
    if (was) {
      inHands.done();
      pump();
    }
    return was;
  }

  /** The broker was killed, or this is closed: what is in hands is there again. */
  void lose() {
    List<Toy> all;
    synchronized (this) {
      all = new ArrayList<>(open);
      open.clear();
    }
    Collections.reverse(all);
    for (Toy toy : all) {
      inHands.done();
      broker.giveBack(place, toy.kept);
    }
  }

  @Override
  public CompletableFuture<Void> stop(Duration drain) {
    CompletableFuture<Void> drained = inHands.stop(drain);
    return broker.has(Fault.STOPS_WITHOUT_WAITING)
        ? CompletableFuture.completedFuture(null)
        : drained;
  }

  @Override
  public void close() {
    inHands.stop(Duration.ZERO);
    broker.detach(this);
    lose();
    thread.shutdown();
  }

  /** A message in hands. */
  private final class Toy implements Received {
    private final Kept kept;

    Toy(Kept kept) {
      this.kept = kept;
    }

    @Override
    public Message<byte[]> message() {
      boolean anew = broker.has(Fault.NUMBERS_WHAT_IT_HANDS_OUT);
      long id = anew ? HANDED_OUT.incrementAndGet() : kept.number();
      Map<String, String> headers = kept.message().headers();
      if (broker.has(Fault.FOLDS_NAMES_OF_HEADERS)) {
        headers =
            headers.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        one -> one.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
      }
      return kept.message().headers(headers).id(Long.toString(id));
    }

    @Override
    public CompletableFuture<Void> ack() {
      return told(over(this));
    }

    @Override
    public CompletableFuture<Void> nack(SendException failure) {
      long wait = broker.has(Fault.REPEATS_AT_ONCE) ? 0 : 1_000;
      CompletableFuture<Void> told = new CompletableFuture<>();
      CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                if (over(this)) {
                  broker.giveBack(place, kept);
                }
                told.complete(null);
              });
      return told;
    }

    private CompletableFuture<Void> told(boolean was) {
      return was
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(new PitstopException("it was lost"));
    }
  }
}
