package dev.pitstop.broker;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.ListenerOptions;
import dev.pitstop.MessageQueue;
import dev.pitstop.broker.Brokers.Destination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Relays that run together, and end together: what they take from first, then what is in flight,
 * then where it goes. Thread-safe.
 */
public final class Relays implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** Which way a relay goes. */
  public enum Direction {
    /** From a broker into a queue. */
    TAKE,
    /** From a queue to a broker. */
    EMIT,
    /** From a broker to a broker. */
    PASS;

    /** The word for it: {@code take}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One of them.
   *
   * @param from what it takes from, with nothing secret in it
   * @param to where it passes on to, with nothing secret in it
   */
  public record Running(Direction direction, String from, String to, Relay relay) {}

  private final List<Running> running = new ArrayList<>();
  private final List<Destination> destinations = new ArrayList<>();
  private boolean stopped; // guarded by this

  private Relays() {}

  /**
   * Starts to take messages into a queue, to emit what is due in it, or both. A broker that is away
   * is no error.
   *
   * @param options of what is emitted the lease time, the poll interval and the retry policy; see
   *     {@link QueueSource}
   */
  public static Relays start(
      MessageQueue<byte[]> queue, ListenerOptions options, RelaySettings settings) {
    Relays relays = new Relays();
    relays.begin(
        () -> {
          relays.take(queue, settings);
          settings.emitTo().ifPresent(to -> relays.emit(queue, options, to, settings.inFlight()));
        });
    return relays;
  }

  /**
   * Starts to pass messages on as they are from brokers to a broker, with no queue between.
   *
   * @throws InvalidFieldException when the settings name no place to go to
   */
  public static Relays straight(RelaySettings settings) {
    String to =
        settings
            .emitTo()
            .orElseThrow(() -> new InvalidFieldException("emitTo", "must be given", "nothing"));
    Relays relays = new Relays();
    relays.begin(
        () -> {
          Destination destination = relays.open(to);
          for (String from : settings.takeFrom()) {
            relays.add(
                Direction.PASS,
                Brokers.source(from),
                Brokers.name(to),
                destination,
                settings.inFlight());
          }
        });
    return relays;
  }

  /** What was begun before something failed is ended again. */
  private void begin(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      stop(Duration.ZERO);
      close();
      throw e;
    }
  }

  private void emit(MessageQueue<byte[]> queue, ListenerOptions options, String to, int inFlight) {
    Source source = new QueueSource(queue, options);
    add(Direction.EMIT, source, Brokers.name(to), open(to), inFlight);
  }

  private void take(MessageQueue<byte[]> queue, RelaySettings settings) {
    if (settings.takeFrom().isEmpty()) {
      return;
    }
    Intake intake = new Intake(queue, settings.misfits().map(this::open));
    for (String from : settings.takeFrom()) {
      add(
          Direction.TAKE,
          Brokers.source(from),
          "queue " + queue.name(),
          intake,
          settings.inFlight());
    }
  }

  private Destination open(String address) {
    Destination destination = Brokers.destination(address);
    destinations.add(destination);
    return destination;
  }

  private void add(Direction direction, Source source, String to, Onward onward, int inFlight) {
    running.add(new Running(direction, source.name(), to, Relay.start(source, onward, inFlight)));
  }

  /** All of them. */
  public List<Running> running() {
    return List.copyOf(running);
  }

  /**
   * Takes nothing more, and waits for what is in flight; what takes longer comes again. May be
   * called again.
   *
   * @param drain one time for all of them
   * @return completes when nothing is in flight any more, or the time is over
   */
  public synchronized CompletableFuture<Void> stop(Duration drain) {
    stopped = true;
    return CompletableFuture.allOf(
        running.stream().map(one -> one.relay().stop(drain)).toArray(CompletableFuture[]::new));
  }

  /** Ends all connections; stops before, waiting 30 seconds at most, unless that was done. */
  @Override
  public void close() {
    lastStop().join();
    destinations.forEach(Destination::close);
  }

  private synchronized CompletableFuture<Void> lastStop() {
    return stop(stopped ? Duration.ZERO : DRAIN);
  }
}
