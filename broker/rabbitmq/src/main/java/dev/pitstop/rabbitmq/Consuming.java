package dev.pitstop.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.pitstop.broker.InHands;
import dev.pitstop.broker.Received;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes from a queue for as long as one channel lasts. What is in hands when it ends comes again
 * over the next. Thread-safe.
 */
final class Consuming {
  /*
   * All that is said of deliveries is said on the settler's thread: acks that have come together go
   * out together, those before which nothing is open as one.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Consuming.class);
  private static final int MOST_PREFETCH = 65_535;

  private final Channel channel;
  private final ScheduledExecutorService settler;
  private final InHands inHands;
  private final Consumer<Received> receiver;
  private final ConcurrentSkipListMap<Long, Held> open = new ConcurrentSkipListMap<>();
  private final Queue<Held> acked = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private volatile boolean lost;
  private volatile String tag = "";

  Consuming(
      Connection connection,
      ScheduledExecutorService settler,
      InHands inHands,
      Consumer<Received> receiver)
      throws IOException {
    Channel made = connection.createChannel();
    if (made == null) {
      throw new IOException("the connection has no channel");
    }
    this.channel = made;
    this.settler = settler;
    this.inHands = inHands;
    this.receiver = receiver;
  }

  void begin(String queue, Optional<String> queueType, int inFlight) throws IOException {
    channel.basicQos(Math.min(inFlight, MOST_PREFETCH));
    if (queueType.isPresent()) {
      Places.declare(channel, queue, queueType.get());
    }
    tag = channel.basicConsume(queue, false, new Deliveries());
  }

  /** Waits for the end, and throws what it came by. */
  void awaitEnd() throws IOException, InterruptedException {
    try {
      throw new IOException(ended.get());
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /** Asks for no more, and gives back what waits for its second to be over. */
  void cancel() {
    onSettler(
        () -> {
          channel.basicCancel(tag);
          for (Held held : open.values()) {
            if (held.isNacked()) {
              giveBack(held);
            }
          }
        },
        Duration.ZERO);
  }

  /** What is in hands is lost. */
  void lose() {
    lost = true;
    open.values().forEach(Held::lose);
  }

  private final class Deliveries extends DefaultConsumer {
    Deliveries() {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body)
        throws IOException {
      if (!inHands.take()) {
        channel.basicNack(envelope.getDeliveryTag(), false, true);
        return;
      }
      Held held =
          new Held(
              envelope.getDeliveryTag(),
              FromAmqp.message(envelope, properties, body),
              Consuming.this);
      open.put(held.tag(), held);
      if (lost) {
        held.lose();
      } else {
        receiver.accept(held);
      }
    }

    @Override
    public void handleCancel(String consumerTag) {
      ended.complete("RabbitMQ ended the consumer, as when its queue is deleted");
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
      ended.completeExceptionally(signal);
    }
  }

  /** Takes an ack, which is told with those that come meanwhile. */
  void ack(Held held) {
    acked.add(held);
    if (flushing.compareAndSet(false, true)) {
      onSettler(this::flush, Duration.ZERO);
    }
  }

  private void flush() throws IOException {
    flushing.set(false);
    List<Held> now = new ArrayList<>();
    for (Held held = acked.poll(); held != null; held = acked.poll()) {
      now.add(held);
      open.remove(held.tag());
    }
    if (lost) {
      now.forEach(Held::lose);
      return;
    }
    try {
      tellAcks(now);
    } catch (IOException | AlreadyClosedException e) {
      now.forEach(Held::lose);
      throw e;
    }
    now.forEach(Held::told);
  }

  private void tellAcks(List<Held> now) throws IOException {
    long firstOpen = open.isEmpty() ? Long.MAX_VALUE : open.firstKey();
    long together = -1;
    for (Held held : now) {
      if (held.tag() < firstOpen) {
        together = Math.max(together, held.tag());
      } else {
        channel.basicAck(held.tag(), false);
      }
    }
    if (together >= 0) {
      channel.basicAck(together, true);
    }
  }

  /** Gives a message back to the queue after a time. */
  void nack(Held held, Duration wait) {
    onSettler(() -> giveBack(held), inHands.isStopped() ? Duration.ZERO : wait);
  }

  private void giveBack(Held held) throws IOException {
    if (open.remove(held.tag()) == null) {
      return;
    }
    channel.basicNack(held.tag(), false, true);
    held.told();
  }

  /** Something said to RabbitMQ. */
  private interface Saying {
    void say() throws IOException;
  }

  private void onSettler(Saying saying, Duration wait) {
    try {
      settler.schedule(() -> say(saying), wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      lose(); // the source is closed
    }
  }

  /** What fails here fails because the channel has ended, of which {@link #awaitEnd} tells. */
  private void say(Saying saying) {
    try {
      saying.say();
    } catch (IOException | AlreadyClosedException e) {
      LOG.debug("not told", e);
      ended.completeExceptionally(e);
    }
  }

  void over() {
    inHands.done();
  }
}
