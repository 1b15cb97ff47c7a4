package dev.pitstop.kafka;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.broker.SendException;
import dev.pitstop.broker.Sender;
import dev.pitstop.broker.Threads;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Sends messages by Kafka's producer and has each confirmed. Thread-safe. */
final class KafkaSender implements Sender {
  /*
   * The producer blocks while it has no room or does not know a topic, so one thread, the pump, gives
   * it all records, and those of a topic that nobody has asked for yet wait until Kafka has said that
   * it is there: otherwise one topic that is missing would hold up all others. Senders are told on
   * another thread, since what they do then must hold up neither the pump nor the producer.
   */
  private static final int MOST = 100_000;
  private static final int MOST_KNOWN = 10_000;

  private final Settings settings;
  private final Clients clients;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final ExecutorService pump;
  private final ExecutorService telling;
  private volatile boolean closed;

  /** By topic, what waits for an answer. Used by the pump. */
  private final Map<String, Queue<Outgoing>> asked = new HashMap<>();

  KafkaSender(Settings settings) {
    this.settings = settings;
    clients = new Clients(settings);
    String name = "pitstop-to " + settings.address();
    pump = Executors.newSingleThreadExecutor(Threads.named(name));
    telling = Executors.newSingleThreadExecutor(Threads.named(name + " told"));
  }

  @Override
  public CompletableFuture<Void> send(String destination, Message<byte[]> message) {
    Outgoing outgoing;
    try {
      outgoing =
          new Outgoing(
              ToKafka.record(destination, message, settings.key()),
              System.nanoTime() + settings.timeout().toNanos(),
              new CompletableFuture<>());
    } catch (InvalidFieldException e) {
      return CompletableFuture.failedFuture(
          SendException.lasting(String.valueOf(e.getMessage()), e));
    }
    if (underWay.incrementAndGet() > MOST) {
      underWay.decrementAndGet();
      return CompletableFuture.failedFuture(
          SendException.passing("more than " + MOST + " messages wait for Kafka to confirm"));
    }
    CompletableFuture<Void> confirmed = outgoing.confirmed();
    confirmed.whenComplete((done, failure) -> underWay.decrementAndGet());
    try {
      pump.execute(() -> pass(outgoing));
    } catch (RejectedExecutionException e) {
      confirmed.completeExceptionally(closed());
    }
    return confirmed;
  }

  private static SendException closed() {
    return SendException.passing("the sender is closed");
  }

  private void pass(Outgoing outgoing) {
    String topic = outgoing.topic();
    Queue<Outgoing> waiting = asked.get(topic);
    if (closed) {
      fail(outgoing, closed());
    } else if (waiting != null) {
      waiting.add(outgoing);
    } else if (known.contains(topic)) {
      give(outgoing);
    } else {
      asked.put(topic, new ArrayDeque<>(List.of(outgoing)));
      ask(topic);
    }
  }

  private void ask(String topic) {
    try {
      Optional<Admin> admin = clients.admin();
      if (admin.isEmpty()) {
        answered(topic, closed());
        return;
      }
      admin
          .get()
          .describeTopics(List.of(topic))
          .allTopicNames()
          .whenComplete((found, failure) -> onPump(() -> answered(topic, failure)));
    } catch (KafkaException e) {
      answered(topic, e);
    }
  }

  private void onPump(Runnable task) {
    try {
      pump.execute(task);
    } catch (RejectedExecutionException e) {
      return; // it is closed, and what waits for this has been failed
    }
  }

  private void answered(String topic, @Nullable Throwable failure) {
    Queue<Outgoing> waiting = asked.remove(topic);
    if (waiting == null) {
      return;
    }
    if (failure != null) {
      SendException why = failure instanceof SendException told ? told : Failures.of(failure);
      waiting.forEach(one -> fail(one, why));
      return;
    }
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    known.add(topic);
    waiting.forEach(this::give);
  }

  private void give(Outgoing outgoing) {
    if (closed) {
      fail(outgoing, closed());
      return;
    }
    if (outgoing.isLate()) {
      fail(outgoing, SendException.passing("not sent within " + settings.timeout()));
      return;
    }
    Producer<byte[], byte[]> producer = null;
    try {
      producer = clients.producer().orElse(null);
      if (producer == null) {
        fail(outgoing, closed());
        return;
      }
      Producer<byte[], byte[]> sending = producer;
      producer.send(outgoing.record(), (where, failure) -> confirmed(outgoing, sending, failure));
    } catch (KafkaException | IllegalStateException e) {
      failed(outgoing, producer, e);
    }
  }

  private void confirmed(
      Outgoing outgoing, Producer<byte[], byte[]> producer, @Nullable Exception failure) {
    if (failure == null) {
      tell(() -> outgoing.confirmed().complete(null));
    } else {
      failed(outgoing, producer, failure);
    }
  }

  private void failed(
      Outgoing outgoing, @Nullable Producer<byte[], byte[]> producer, Exception failure) {
    known.remove(outgoing.topic()); // so that Kafka is asked for it before the next
    fail(outgoing, closed ? closed() : Failures.of(failure));
    if (producer != null && !closed && Failures.endsProducer(failure)) {
      onPump(() -> clients.drop(producer));
    }
  }

  private void fail(Outgoing outgoing, SendException reason) {
    tell(() -> outgoing.confirmed().completeExceptionally(reason));
  }

  private void tell(Runnable task) {
    try {
      telling.execute(task);
    } catch (RejectedExecutionException e) {
      task.run(); // it is closed; what comes now comes from who closed it
    }
  }

  @Override
  public void close() {
    closed = true;
    clients.close();
    onPump(
        () -> {
          List.copyOf(asked.keySet()).forEach(topic -> answered(topic, closed()));
          telling.shutdown();
        });
    pump.shutdown();
  }
}
