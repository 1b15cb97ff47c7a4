package dev.pitstop.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** What a server is asked to do, and at which rate it does it. Used by one thread. */
final class ServerLoad {
  /** How many connections store in batches, or pull. */
  static final int BATCHERS = 4;

  /** How many are leased at once by who pulls. */
  static final int LEASED = 500;

  private static final String QUEUE = "bench";
  private static final String MESSAGES = "/v1/queues/" + QUEUE + "/messages";

  /** 200 bytes of JSON. */
  static final String BODY =
      '"' + new String(Traffic.body(), 1, 198, StandardCharsets.US_ASCII) + '"';

  private final int port;

  ServerLoad(int port) {
    this.port = port;
  }

  /** Stores one message a request, due tomorrow; messages a second. */
  double storeSingly(int connections, int count) {
    byte[] request =
        HttpMessage.post(
            MESSAGES, "Content-Type: application/json\r\nPitstop-Delay: 24h\r\n", BODY);
    long start = System.nanoTime();
    Connections.run(port, connections, Conversation.of(request, times(count)));
    return Traffic.perSecond(count, start);
  }

  /** Stores in batches, due tomorrow; messages a second. */
  double storeBatches(int count) {
    return storeBatches(count, BATCHERS, number -> "{\"body\":" + BODY + ",\"in\":\"24h\"}\n");
  }

  /** Stores in batches lines that are made of their numbers; messages a second. */
  double storeBatches(int count, int connections, IntFunction<String> line) {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    Connections.run(
        port,
        connections,
        answer -> {
          if (answer != null && answer.orThrow().body().contains("\"problem\"")) {
            throw new IllegalStateException("refused: " + answer.body());
          }
          int from = next.getAndAdd(Traffic.BATCH);
          return from >= count ? null : batch(from, Math.min(count, from + Traffic.BATCH), line);
        });
    return Traffic.perSecond(count, start);
  }

  private static byte[] batch(int from, int to, IntFunction<String> line) {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < to; i++) {
      lines.append(line.apply(i));
    }
    return HttpMessage.post(MESSAGES + ":batch", "", lines.toString());
  }

  /** Stores in batches what is due at once. */
  void storeDue(int count) {
    storeBatches(count, BATCHERS, number -> "{\"body\":" + BODY + "}\n");
  }

  /** Stores so many that are due one after the other, so many a second from an instant on. */
  void storeDue(int count, int perSecond, Instant from) {
    storeBatches(
        count,
        1,
        number -> {
          Instant at = from.plusMillis(1_000L * number / perSecond);
          return "{\"body\":" + BODY + ",\"at\":\"" + at + "\"}\n";
        });
  }

  /** Pulls and acks so many, which are due; messages a second. */
  double pull(int count) {
    AtomicInteger acked = new AtomicInteger();
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < BATCHERS; i++) {
      conversations.add(new Pulling(QUEUE, LEASED, acked));
    }
    long start = System.nanoTime();
    Connections.run(port, conversations);
    double rate = Traffic.perSecond(count, start);
    if (acked.get() != count) {
      throw new IllegalStateException(acked + " of " + count + " were acked");
    }
    return rate;
  }

  /** Acks what a stream brings until so many are, which are due; messages a second. */
  double stream(int count) throws IOException {
    long start = System.nanoTime();
    try (Streaming streaming = new Streaming(port, QUEUE, count)) {
      Connections.run(port, Collections.singletonList(streaming));
      return Traffic.perSecond(count, start);
    }
  }

  /** Has the queue emit nothing, or go on. */
  void pause(boolean paused) {
    String verb = paused ? ":pause" : ":resume";
    Connections.ask(port, HttpMessage.post("/v1/queues/" + QUEUE + verb, "", ""));
  }

  /** How long a page takes, in milliseconds. */
  double millis(String path) {
    byte[] request = HttpMessage.get(path);
    long start = System.nanoTime();
    Connections.ask(port, request);
    return (System.nanoTime() - start) / 1e6;
  }

  private static BooleanSupplier times(int count) {
    AtomicInteger left = new AtomicInteger(count);
    return () -> left.getAndDecrement() > 0;
  }
}
