package dev.pitstop.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.pitstop.broker.SendException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What was sent over one channel and is not confirmed yet, by its number there. Thread-safe. */
final class Unconfirmed {
  private final Telling telling;
  private final TreeMap<Long, Publish> sent = new TreeMap<>();
  private long heard = System.nanoTime();

  Unconfirmed(Telling telling) {
    this.telling = telling;
  }

  /** Notes one before it is sent. */
  synchronized void add(long number, Publish publish) {
    sent.put(number, publish);
  }

  void confirmed(long number, boolean andAllBefore) {
    telling.confirmed(take(number, andAllBefore));
  }

  /** RabbitMQ says no more than that. */
  void refused(long number, boolean andAllBefore) {
    telling.failed(
        take(number, andAllBefore),
        SendException.passing("RabbitMQ refused it (basic.nack), as a full queue does"));
  }

  private synchronized List<Publish> take(long number, boolean andAllBefore) {
    heard = System.nanoTime();
    if (andAllBefore) {
      Map<Long, Publish> all = sent.headMap(number, true);
      List<Publish> taken = List.copyOf(all.values());
      all.clear();
      return taken;
    }
    Publish one = sent.remove(number);
    return one == null ? List.of() : List.of(one);
  }

  /** One was given back, which comes without its number and before its confirm. */
  void returned(
      String exchange, String routingKey, BasicProperties properties, byte[] body, String reason) {
    telling.failed(
        firstLike(exchange, routingKey, properties, body), SendException.passing(reason));
  }

  private synchronized List<Publish> firstLike(
      String exchange, String routingKey, BasicProperties properties, byte[] body) {
    heard = System.nanoTime();
    for (Iterator<Publish> each = sent.values().iterator(); each.hasNext(); ) {
      Publish one = each.next();
      if (one.matches(exchange, routingKey, properties, body)) {
        each.remove();
        return List.of(one);
      }
    }
    return List.of();
  }

  /**
   * Fails what should have been confirmed by now.
   *
   * @return whether nothing was heard for the time limit, so that the connection may be dead
   */
  boolean failLate(String reason, Duration limit) {
    List<Publish> late = new ArrayList<>();
    boolean silent;
    synchronized (this) {
      while (!sent.isEmpty() && sent.firstEntry().getValue().isLate()) {
        late.add(sent.pollFirstEntry().getValue());
      }
      silent = !late.isEmpty() && System.nanoTime() - heard > limit.toNanos();
    }
    telling.failed(late, SendException.passing(reason));
    return silent;
  }

  /** Fails all; the channel is gone. */
  void failAll(Function<Publish, SendException> reason) {
    List<Publish> all;
    synchronized (this) {
      all = List.copyOf(sent.values());
      sent.clear();
    }
    all.forEach(one -> telling.failed(List.of(one), reason.apply(one)));
  }
}
