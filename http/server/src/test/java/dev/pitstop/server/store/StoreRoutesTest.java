package dev.pitstop.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.Schedule;
import dev.pitstop.State;
import dev.pitstop.server.TestServer;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import dev.pitstop.wire.Input;
import dev.pitstop.wire.Output;
import dev.pitstop.wire.StoreCall;
import dev.pitstop.wire.Wire;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes from outside is checked before the store, which takes it for granted, has it. */
final class StoreRoutesTest {
  private static final Key KEY = new Key("q", "a");

  private final TestServer server = TestServer.on("memory:");

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> post(String path, String type, byte[] body) {
    return server.send(
        server.request(path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<String> post(StoreCall call, Consumer<Output> sent) {
    Output out = new Output();
    sent.accept(out);
    return post(call.path(), StoreCall.MEDIA_TYPE, out.bytes());
  }

  @Test
  void whatIsOutOfBoundsIsRefusedWithTheFieldItsValueAndTheLimit() {
    Instant tooLate = Schedule.LAST.plusMillis(1);
    Progress sound = Progress.starting(Instant.EPOCH);
    Progress late = new Progress(tooLate, Instant.EPOCH, 0, 0, null);
    Progress negative = new Progress(Instant.EPOCH, Instant.EPOCH, 0, -1, null);
    Progress verbose = new Progress(Instant.EPOCH, Instant.EPOCH, 0, 0, "e".repeat(4097));
    Map<String, HttpResponse<String>> refused = new LinkedHashMap<>();
    refused.put("queue must be 1 to 128", post(StoreCall.LEASE, out -> lease(out, "a b", 1, 1)));
    refused.put(
        "limit must be from 1 to 10000", post(StoreCall.LEASE, out -> lease(out, "q", 0, 1)));
    refused.put(
        "limit must be from 1 to 10000, was 10001",
        post(StoreCall.LEASE, out -> lease(out, "q", 10_001, 1)));
    refused.put("leaseTime must be at least", post(StoreCall.LEASE, out -> lease(out, "q", 1, 0)));
    refused.put("limit must be from 1 to 50", post(StoreCall.LIST, out -> list(out, 51)));
    refused.put("due must not be after", post(StoreCall.SETTLE, out -> move(out, late)));
    refused.put("attempts must be at least 0", post(StoreCall.SETTLE, out -> move(out, negative)));
    refused.put(
        "lastError must be at most 4 KiB", post(StoreCall.SETTLE, out -> move(out, verbose)));
    refused.put(
        "id must not be empty", post(StoreCall.REMOVE, out -> Wire.key(out, new Key("q", ""))));
    refused.put(
        "id must have no control characters",
        post(StoreCall.FIND, out -> Wire.key(out, new Key("q", "\n"))));
    refused.put(
        "edges must be 2 to 1001",
        post(StoreCall.COUNT_DUE, out -> out.text("q").number(0).number(1)));
    refused.put(
        "queues must be at most 1000",
        post(StoreCall.WAKES, out -> IntStream.range(0, 1_001).forEach(i -> out.text("q" + i))));
    refused.put(
        "state must not be leased",
        post(
            StoreCall.PUT,
            out -> {
              out.word(IfPresent.REPLACE);
              Payload payload = new Payload(new byte[0], "x/y", Map.of());
              Wire.entry(
                  out,
                  Entry.scheduled(KEY, payload, null, sound).leasedBy(new Lease(1, Instant.EPOCH)));
            }));
    refused.forEach(
        (said, answer) -> {
          assertThat(answer.statusCode()).as(said).isEqualTo(422);
          assertThat(answer.body()).contains("\"detail\":\"" + said, "\"field\":", "\"limit\":");
        });
  }

  private static void lease(Output out, String queue, int limit, int seconds) {
    out.text(queue).number(limit).duration(Duration.ofSeconds(seconds));
  }

  private static void list(Output out, int limit) {
    Wire.filter(out.text("q"), Filter.ALL);
    out.flag(false).number(limit);
  }

  private static void move(Output out, Progress progress) {
    Wire.settlement(out, new Settlement.Move(KEY, 1, progress));
  }

  @Test
  void aPutThatIsOutOfBoundsIsRefusedAlone() {
    byte[] body = new byte[3];
    Output out = new Output();
    Map<String, Put> puts = new LinkedHashMap<>();
    puts.put("", put("a", body, Map.of(), "every PT1H"));
    puts.put("id must be at most 512", put("i".repeat(513), body, Map.of(), null));
    puts.put("headers must be", put("b", body, Map.of("h", "v".repeat(17_000)), null));
    puts.put("body must be at most", put("c", new byte[(1 << 20) + 1], Map.of(), null));
    puts.put("schedule must be at most", put("d", body, Map.of(), "s".repeat(17_000)));
    puts.values().forEach(put -> Wire.put(out, put));
    HttpResponse<byte[]> answer =
        server.sendForBytes(
            server
                .request(StoreCall.PUT.path())
                .header("Content-Type", StoreCall.MEDIA_TYPE)
                .POST(BodyPublishers.ofByteArray(out.bytes())));
    assertThat(answer.headers().firstValueAsLong(StoreCall.TIME_HEADER)).isPresent();
    List<PutResult> results = Wire.rest(new Input(answer.body()), Wire::result);
    assertThat(results).hasSameSizeAs(puts.values()).startsWith(PutResult.CREATED);
    int i = 0;
    for (String said : puts.keySet()) {
      if (!said.isEmpty()) {
        assertThat(((PutResult.Refused) results.get(i)).failure()).hasMessageStartingWith(said);
      }
      i++;
    }
  }

  private static Put put(
      String id, byte[] body, Map<String, String> headers, @Nullable String schedule) {
    Payload payload = new Payload(body, "application/octet-stream", headers);
    Progress progress = Progress.starting(Instant.EPOCH);
    return new Put(
        new Entry(new Key("q", id), payload, schedule, State.SCHEDULED, progress, null),
        IfPresent.REPLACE,
        false);
  }

  @Test
  void anotherVersionIsToldWhichOneIsSpoken() {
    for (String type : List.of("application/vnd.pitstop.store.v2", "application/json")) {
      HttpResponse<String> answer = post(StoreCall.OPEN.path(), type, new byte[0]);
      assertThat(answer.statusCode()).isEqualTo(415);
      assertThat(answer.body()).contains(StoreCall.MEDIA_TYPE);
    }
  }

  /** Neither a fault of the server nor anything but a refusal or an answer. */
  @Test
  void bytesThatNobodyHasWrittenAreRefused() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (StoreCall call : StoreCall.values()) {
      if (call == StoreCall.WAKES) {
        continue; // an empty one is a stream without end
      }
      for (int i = 0; i < 40; i++) {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        assertThat(post(call.path(), StoreCall.MEDIA_TYPE, bytes).statusCode())
            .as("%s with seed %s", call, seed)
            .isIn(200, 422);
      }
    }
  }
}
