package dev.pitstop.nats;

import dev.pitstop.Message;
import dev.pitstop.broker.tck.PlainBroker;
import dev.pitstop.broker.tck.Refusal;
import dev.pitstop.broker.tck.Trait;
import dev.pitstop.servers.NatsServer;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * NATS as the kit sees it, through its plain client, and through its protocol where that client
 * refuses what others send. A place is the subject of a stream of its own.
 */
final class PlainNats implements PlainBroker, AutoCloseable {
  static final int LARGEST = 2_000_000;
  static final String DURABLE = "taker";

  private static final Duration READ = Duration.ofSeconds(30);

  private final NatsServer server;
  private final AtomicInteger numbers = new AtomicInteger();

  private PlainNats(NatsServer server) {
    this.server = server;
  }

  static PlainNats start() {
    return new PlainNats(NatsServer.start(Map.of("max_payload", Integer.toString(LARGEST))));
  }

  @Override
  public void close() {
    server.close();
  }

  /** Something done over a connection of its own. */
  interface Doing<T> {
    T with(Connection connection) throws IOException, JetStreamApiException, InterruptedException;
  }

  <T> T with(Doing<T> doing) {
    Options options =
        new Options.Builder()
            .server("nats://127.0.0.1:" + server.port())
            .userInfo("pitstop", "secret")
            .errorListener(new ErrorListener() {})
            .supportUTF8Subjects()
            .build();
    try {
      Connection connection = Nats.connect(options);
      try {
        return doing.with(connection);
      } finally {
        connection.close();
      }
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.IDS, Trait.ACKS_EACH);
  }

  @Override
  public String freshPlace() {
    return freshPlace(stream -> stream);
  }

  String freshPlace(UnaryOperator<StreamConfiguration.Builder> as) {
    int number = numbers.incrementAndGet();
    String subject = "place.ä." + number;
    StreamConfiguration.Builder builder =
        StreamConfiguration.builder().name("stream-" + number).subjects(subject);
    with(connection -> connection.jetStreamManagement().addStream(as.apply(builder).build()));
    return subject;
  }

  private static String stream(String place) {
    return "stream-" + place.substring(place.lastIndexOf('.') + 1);
  }

  @Override
  public String address(String place) {
    return address(place, "timeout=3s&ack-wait=10s&durable=" + DURABLE);
  }

  String address(String subject, String options) {
    String name = URLEncoder.encode(subject, StandardCharsets.UTF_8);
    return server.address("x").replaceFirst("/x$", "/") + name + "?" + options;
  }

  @Override
  public String password() {
    return "secret";
  }

  @Override
  public void put(String place, List<Message<byte[]>> messages) {
    try (RawNats raw = new RawNats(server.port(), "pitstop", "secret")) {
      raw.publish(place, messages);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<Message<byte[]>> read(String place, int count) {
    return with(
        connection -> {
          long end = System.nanoTime() + READ.toNanos();
          while (count(connection, place) < count && System.nanoTime() < end) {
            LockSupport.parkNanos(20_000_000);
          }
          return all(connection, place, count(connection, place));
        });
  }

  private static long count(Connection connection, String place)
      throws IOException, JetStreamApiException {
    return connection
        .jetStreamManagement()
        .getStreamInfo(stream(place))
        .getStreamState()
        .getMsgCount();
  }

  private static List<Message<byte[]>> all(Connection connection, String place, long count)
      throws IOException, JetStreamApiException {
    PullSubscribeOptions unacked =
        PullSubscribeOptions.builder().stream(stream(place))
            .configuration(ConsumerConfiguration.builder().ackPolicy(AckPolicy.None).build())
            .build();
    JetStreamSubscription subscription = connection.jetStream().subscribe(place, unacked);
    List<Message<byte[]>> all = new ArrayList<>();
    while (all.size() < count) {
      int most = (int) Math.min(500, count - all.size());
      subscription.fetch(most, READ).forEach(one -> all.add(message(one)));
    }
    return all;
  }

  private static Message<byte[]> message(io.nats.client.Message got) {
    Map<String, String> headers = new LinkedHashMap<>();
    Headers there = got.getHeaders();
    if (there != null) {
      there.forEach((name, values) -> headers.put(name, decoded(String.join("|", values))));
    }
    Optional<String> contentType = Optional.ofNullable(headers.remove("Content-Type"));
    return new Message<>(got.getData(), Optional.empty(), headers, contentType);
  }

  /** Values beyond ASCII are sent as docs/brokers.md says. */
  private static String decoded(String value) {
    String begin = "=?UTF-8?B?";
    if (!value.startsWith(begin)) {
      return value;
    }
    String base64 = value.substring(begin.length(), value.length() - 2);
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  @Override
  public long left(String place) {
    return with(
        connection -> {
          ConsumerInfo info =
              connection.jetStreamManagement().getConsumerInfo(stream(place), DURABLE);
          return info.getNumPending() + info.getNumAckPending();
        });
  }

  @Override
  public List<Refusal> refusals() {
    Message<byte[]> small = Message.of(new byte[] {1});
    String full = freshPlace(stream -> stream.maxMessages(1).discardPolicy(DiscardPolicy.New));
    put(full, List.of(small));
    String tiny = freshPlace(stream -> stream.maximumMessageSize(100));
    return List.of(
        new Refusal("no stream", address("nobody"), small, "No Responders", false),
        new Refusal("full", address(full), small, "maximum messages exceeded", false),
        new Refusal(
            "too large for the stream",
            address(tiny),
            Message.of(new byte[200]),
            "message size exceeds maximum allowed",
            true),
        new Refusal(
            "too large", address(freshPlace()), Message.of(new byte[LARGEST + 1]), "size", true));
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() {
    server.restart();
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }
}
