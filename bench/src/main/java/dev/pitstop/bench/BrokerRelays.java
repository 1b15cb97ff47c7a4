package dev.pitstop.bench;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.pitstop.Codec;
import dev.pitstop.ListenerOptions;
import dev.pitstop.Message;
import dev.pitstop.MessageQueue;
import dev.pitstop.Pitstop;
import dev.pitstop.Schedule;
import dev.pitstop.broker.Brokers;
import dev.pitstop.broker.Brokers.Destination;
import dev.pitstop.broker.QueueSource;
import dev.pitstop.broker.Relay;
import dev.pitstop.servers.KafkaServer;
import dev.pitstop.servers.NatsServer;
import dev.pitstop.servers.RabbitMqServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Relays of a due backlog from the embedded store to a broker, confirmed there and acked here,
 * beside the broker's client alone with the same confirms: bodies of 200 bytes, rounds of both in
 * turn and the median of each. And a broker's own way to delay messages, beside Pitstop's.
 */
public final class BrokerRelays {
  private static final String QUEUE = "bench";
  private static final int MOST_DELAY_MILLIS = 10_000;

  private final Path root;
  private final int rounds;
  private final int messages;

  private BrokerRelays(Path root, int rounds, int messages) {
    this.root = root;
    this.rounds = rounds;
    this.messages = messages;
  }

  /** {@code brokers [--quick] [PART...]}; {@code --quick} for one smaller round. */
  public static void main(String[] args) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(args));
    boolean quick = arguments.remove("--quick");
    Path root = Files.createTempDirectory(Path.of(System.getProperty("bench.dir")), "bench");
    BrokerRelays bench = new BrokerRelays(root, quick ? 1 : 5, quick ? 20_000 : 100_000);
    Parts parts = new Parts();
    parts.add("kafka.relay", bench::kafkaRelay);
    parts.add("nats.relay", bench::natsRelay);
    parts.add("rabbitmq.relay", bench::rabbitMqRelay);
    parts.add("rabbitmq.delay", bench::rabbitMqDelay);
    boolean known;
    try {
      known = parts.run(arguments);
    } finally {
      Scratch.delete(root);
    }
    if (!known) {
      System.exit(2);
    }
  }

  private void kafkaRelay() throws Exception {
    AtomicInteger topics = new AtomicInteger();
    try (KafkaServer server = KafkaServer.startForFigures(Map.of());
        RawKafka raw = new RawKafka(server)) {
      Callable<String> fresh =
          () -> {
            String topic = QUEUE + topics.incrementAndGet();
            raw.create(topic);
            return topic;
          };
      Rounds rates =
          new Rounds(rounds)
              .add("raw", () -> raw.send(fresh.call(), messages, Relay.IN_FLIGHT))
              .add("own", () -> relay(server.address(fresh.call())))
              .run();
      report("kafka", rates);
    }
  }

  private void natsRelay() throws Exception {
    try (NatsServer server = NatsServer.start(Map.of())) {
      RawNats raw = new RawNats(server);
      Rounds rates =
          new Rounds(rounds)
              .add(
                  "raw",
                  () -> {
                    raw.declare(QUEUE);
                    return raw.send(QUEUE, messages, Relay.IN_FLIGHT);
                  })
              .add(
                  "own",
                  () -> {
                    raw.declare(QUEUE);
                    return relay(server.address(QUEUE));
                  })
              .run();
      raw.close();
      report("nats", rates);
    }
  }

  private void rabbitMqRelay() throws Exception {
    try (RabbitMqServer server = RabbitMqServer.start(Map.of());
        RawRabbitMq raw = new RawRabbitMq(server)) {
      Rounds rates =
          new Rounds(rounds)
              .add("raw", () -> rawSend(raw))
              .add("own", () -> relayToRabbitMq(raw, server))
              .run();
      report("rabbitmq", rates);
    }
  }

  private static void report(String broker, Rounds rates) {
    Report.figure("raw." + broker + ".send", rates.median("raw"), "messages/s");
    Report.figure(broker + ".relay", rates.median("own"), "messages/s");
    Report.ratio(broker + ".relay/raw", rates.ratio("own", "raw"));
  }

  private double rawSend(RawRabbitMq raw) throws Exception {
    raw.declare(QUEUE, Map.of());
    return raw.send(QUEUE, messages, Relay.IN_FLIGHT);
  }

  private double relayToRabbitMq(RawRabbitMq raw, RabbitMqServer server) throws Exception {
    raw.declare(QUEUE, Map.of());
    return relay(server.address(QUEUE));
  }

  private double relay(String address) throws Exception {
    Path directory = Files.createTempDirectory(root, "own");
    try (Pitstop pitstop = Pitstop.open("rocksdb:" + directory);
        Destination destination = Brokers.destination(address)) {
      MessageQueue<byte[]> queue = pitstop.queue(QUEUE, Codec.bytes());
      Traffic.store(queue, messages, () -> Schedule.at(Instant.EPOCH));
      QueueSource source = new QueueSource(queue, ListenerOptions.defaults());
      long start = System.nanoTime();
      try (Relay relay = Relay.start(source, destination, Relay.IN_FLIGHT)) {
        while (relay.counters().passed() < messages) {
          LockSupport.parkNanos(100_000);
        }
        return Traffic.perSecond(messages, start);
      }
    }
  }

  /**
   * Messages with delays of up to ten seconds: by a time to live in a queue whose dead letters go
   * to another, as RabbitMQ does it, and through Pitstop.
   */
  private void rabbitMqDelay() throws Exception {
    int count = messages / 20;
    long[] delays = new Random(1).longs(count, 1, MOST_DELAY_MILLIS).toArray();
    try (RabbitMqServer server = RabbitMqServer.start(Map.of());
        RawRabbitMq raw = new RawRabbitMq(server)) {
      raw.declare("wait", Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", QUEUE));
      Arrived ttl = new Arrived(raw, count);
      for (long delay : delays) {
        BasicProperties properties =
            new BasicProperties.Builder().deliveryMode(2).expiration(Long.toString(delay)).build();
        raw.channel().basicPublish("", "wait", properties, due(delay));
      }
      ttl.report("rabbitmq.ttl");

      Arrived own = new Arrived(raw, count);
      Path directory = Files.createTempDirectory(root, "own");
      try (Pitstop pitstop = Pitstop.open("rocksdb:" + directory);
          Destination destination = Brokers.destination(server.address(QUEUE))) {
        MessageQueue<byte[]> queue = pitstop.queue(QUEUE, Codec.bytes());
        QueueSource source = new QueueSource(queue, ListenerOptions.defaults());
        try (Relay relay = Relay.start(source, destination, Relay.IN_FLIGHT)) {
          for (long delay : delays) {
            byte[] due = due(delay);
            Instant at = Instant.ofEpochMilli(ByteBuffer.wrap(due).getLong());
            queue.store(Message.of(due), Schedule.at(at));
          }
          own.report("pitstop.relay");
          System.err.println("  " + relay.name() + ": " + relay.counters());
        }
      }
    }
  }

  private static byte[] due(long delay) {
    return ByteBuffer.allocate(200).putLong(System.currentTimeMillis() + delay).array();
  }

  /** What arrives in the queue, and when it should have. */
  private static final class Arrived {
    private final CountDownLatch left;
    private final long[] dues;
    private final long[] late;

    Arrived(RawRabbitMq raw, int count) throws Exception {
      left = new CountDownLatch(count);
      dues = new long[count];
      late = new long[count];
      raw.declare(QUEUE, Map.of());
      raw.channel()
          .basicConsume(
              QUEUE,
              true,
              (tag, delivery) -> note(ByteBuffer.wrap(delivery.getBody()).getLong()),
              tag -> {});
    }

    private void note(long due) {
      int index = (int) (dues.length - left.getCount());
      dues[index] = due;
      late[index] = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - due);
      left.countDown();
    }

    /** Waits for all, and tells lateness and how many came after one that was due later. */
    void report(String name) throws InterruptedException {
      if (!left.await(120, TimeUnit.SECONDS)) {
        throw new IllegalStateException(left.getCount() + " did not arrive");
      }
      Report.lateness(name + ".lateness", late);
      long newest = Long.MIN_VALUE;
      int overtaken = 0;
      for (long due : dues) {
        overtaken += due < newest ? 1 : 0;
        newest = Math.max(newest, due);
      }
      Report.figure(name + ".outoforder", 100.0 * overtaken / dues.length, "%");
    }
  }
}
