package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.http.Limits;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.Token;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever is sent: no answer blames the server, no connection is left hanging, and nothing that
 * was accepted is lost.
 */
final class HostileInputTest {
  private static final int CASES = 600;
  private static final int UNREADABLE = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "1e9",
          "NaN",
          "0x10",
          "١",
          "9".repeat(400),
          "",
          " 5",
          "+5",
          "5s",
          "-5s",
          "PT-1S",
          "P999999999999Y",
          "99999999999999999999d",
          "1h1h",
          "0.5s",
          "Infinity");

  private static final List<String> PARAMETERS =
      List.of(
          "limit",
          "wait",
          "leaseTime",
          "delay",
          "at",
          "every",
          "from",
          "until",
          "cron",
          "zone",
          "missed",
          "ifPresent",
          "state",
          "to",
          "prefix",
          "cursor",
          "view",
          "id",
          "queue",
          "bucket",
          "spread",
          "header-a",
          "nothing",
          "");

  private static final List<String> TEXTS =
      List.of(
          "%",
          "%zz",
          "%c3%28",
          "%00",
          "%ff%fe",
          "%2e%2e",
          "..",
          ".",
          "/",
          "//",
          "%2F",
          "%252F",
          ":",
          ":pause",
          "a:requeue",
          "\u0000",
          "\\",
          ";a=b",
          "?",
          "#",
          "a b",
          "%20",
          "%0d%0aX: y",
          "ü",
          "😀",
          "%F0%9F%98%80",
          "%ED%A0%80",
          "<script>",
          "' OR 1=1--",
          "${jndi:ldap://x}",
          "x".repeat(600),
          "*",
          "null",
          "true",
          "{}",
          "[",
          "\"");

  private static final List<String> PATHS =
      List.of(
          "/",
          "",
          "*",
          "/v1",
          "/v1/queues",
          "/v1/queues/%s",
          "/v1/queues/%s:pause",
          "/v1/queues/%s/messages",
          "/v1/queues/q/messages/%s",
          "/v1/queues/q/message?id=%s",
          "/v1/queues/q/messages/%s:requeue",
          "/v1/queues/q/messages/%s:reschedule",
          "/v1/queues/q/messages/%s:emit-now",
          "/v1/queues/q/messages/%s:body",
          "/v1/queues/q/messages:batch",
          "/v1/queues/q/leases",
          "/v1/leases:settle",
          "/v1/queues/q/messages:select",
          "/v1/selections/%s:emit-now",
          "/v1/operations/%s:cancel",
          "/v1/events",
          "/v1/timeline",
          "/v1/nodes",
          "/metrics",
          "/login",
          "/%s",
          "http://localhost/v1/queues",
          "http://evil.example/v1/queues",
          "//%s",
          "/v1/../%s");

  private static final List<String> METHODS =
      List.of(
          "GET",
          "PUT",
          "POST",
          "DELETE",
          "HEAD",
          "OPTIONS",
          "TRACE",
          "CONNECT",
          "PATCH",
          "get",
          "PRI",
          "G\u0000T",
          "",
          "X".repeat(300));

  private static final List<String> BODIES =
      List.of(
          "",
          "x",
          "{",
          "[]",
          "[{}]",
          "[[[[",
          "{\"body\":1}\n",
          "{\"id\":\"\"}\n\n{\"remove\":1}",
          "[{\"queue\":\"q\",\"id\":\"a\",\"token\":\"99999999999999999999\",\"do\":\"ack\"}]",
          "[{\"queue\":\"q\",\"id\":\"a\",\"token\":\"1\",\"do\":\"extend\",\"leaseTime\":\"-1s\"}]",
          "[{\"queue\":\"../q\",\"id\":\"a\",\"token\":\"-1\",\"do\":\"nack\",\"delay\":\"P9Y\"}]",
          "{\"body\":1,\"in\":\"-9999999999999d\"}\n{\"body\":1,\"at\":\"+999999999-12-31T23:59:59Z\"}",
          "{\"body\":\"\\ud800\"}",
          "token=%zz&token=" + "x".repeat(100),
          "[".repeat(5_000),
          "{\"a\":".repeat(2_000),
          "\u0000\u0001",
          "1".repeat(3_000));

  private static final List<String> HEADERS =
      List.of(
          "Pitstop-At: never",
          "Pitstop-At: -999999999-01-01T00:00:00Z",
          "Pitstop-Delay: -1s",
          "Pitstop-Every: 0s",
          "Pitstop-Every: P99999999D",
          "Pitstop-Cron: * * * * * * * *",
          "Pitstop-Cron: 0 0 31 2 *",
          "Pitstop-Zone: ../../etc/passwd",
          "Pitstop-If-Present: eat",
          "Pitstop-Header-: x",
          "Pitstop-Header-a\u0000b: x",
          "Pitstop-Dellay: 1s",
          "Pitstop-: x",
          "Pitstop-Header-big: " + "x".repeat(40_000),
          "Content-Type: " + "x".repeat(2_000),
          "Content-Type: \u0001",
          "Idempotency-Key: " + "k".repeat(1_000),
          "Idempotency-Key: ",
          "Authorization: Bearer",
          "Authorization: Bearer pst_" + "A".repeat(51),
          "Authorization: Basic \u00ff",
          "Cookie: pitstop=x; pitstop=y; =; ;;",
          "Cookie: \u0001",
          "Origin: null",
          "Sec-Fetch-Site: cross-site",
          "Host: evil.example",
          "Expect: 100-continue",
          "Expect: 200-nothing",
          "Upgrade: h2c",
          "Connection: Upgrade, HTTP2-Settings",
          "Content-Length: 5",
          "Content-Length: -1",
          "Content-Length: 99999999999999999999",
          "Content-Length: 1, 2",
          "Content-Length: 0x5",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip",
          "Transfer-Encoding: chunked, chunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding : chunked",
          "traceparent: 00-zz",
          "Range: bytes=0-1,2-3,-5",
          "X: \r\n folded",
          "no colon here",
          ": nameless",
          "Ünïcode: x",
          "X-Forwarded-Host: evil.example");

  private final Token token = Token.random();
  private final Set<String> accepted = new ConcurrentSkipListSet<>();
  private PitstopServer server;
  private long seed;

  @BeforeEach
  void start() {
    Limits limits =
        new Limits(
            500, 200, 32 << 10, 60, 16L << 20, Duration.ofSeconds(15), Duration.ofSeconds(1));
    server =
        PitstopServer.start(
            ServerSettings.defaults()
                .store("memory:")
                .maxBody(10_000)
                .security(Security.defaults().grants(List.of(Grant.admin("boss", token.hash()))))
                .web(Web.Settings.defaults().port(0).limits(limits)));
    seed = Long.getLong("pitstop.seed", System.nanoTime());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void nothingThatIsSentMakesTheServerFailHangOrForget() throws Exception {
    System.out.println("HostileInputTest: -Dpitstop.seed=" + seed);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<?>> running = new ArrayList<>();
    try {
      for (int i = 0; i < CASES; i++) {
        int number = i;
        running.add(threads.submit(() -> attempt(number)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(accepted).isNotEmpty();
    assertThat(stored()).containsAll(accepted);
  }

  @Test
  void whatCannotBeParsedTakesNothingFromWhatCan() throws Exception {
    byte[] unreadable = ("X".repeat(300) + " / HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<?>> running = new ArrayList<>();
    try {
      for (int i = 0; i < UNREADABLE; i++) {
        String id = "honest-" + i;
        running.add(
            threads.submit(
                () -> {
                  try (Raw raw = new Raw(server.address(), PATIENCE)) {
                    assertThat(raw.send(unreadable).readAll()).startsWith("HTTP/1.1 400");
                  }
                  HttpResponse<String> stored = store(id);
                  assertThat(stored.statusCode()).as(stored.body()).isEqualTo(201);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** One case: something hostile, while an honest caller stores a message. */
  private Void attempt(int number) throws IOException {
    RandomGenerator random = new java.util.SplittableRandom(seed + number);
    byte[] sent = request(random);
    String what = "seed " + seed + ", case " + number + ": " + shown(sent);
    String got;
    try (Raw raw = new Raw(server.address(), PATIENCE)) {
      got = exchange(raw, sent, random);
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("left hanging by " + what, e);
    } catch (IOException e) {
      got = ""; // the connection was cut, which is an answer too
    }
    Matcher status = STATUS.matcher(got);
    while (status.find()) {
      assertThat(status.group(1)).as(what).doesNotStartWith("5");
    }
    assertThat(got).as(what).doesNotContain("Exception", "\tat ", "org.eclipse");
    String id = "honest-" + number;
    HttpResponse<String> stored = store(id);
    assertThat(stored.statusCode()).as(stored.body() + " after " + what).isEqualTo(201);
    accepted.add(id);
    return null;
  }

  private static String exchange(Raw raw, byte[] sent, RandomGenerator random) throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> { // byte after byte, for as long as that is borne
        int slow = Math.min(sent.length, 40);
        for (int i = 0; i < slow; i++) {
          raw.send(new byte[] {sent[i]});
        }
        raw.send(java.util.Arrays.copyOfRange(sent, slow, sent.length));
      }
      case 1 -> raw.send(sent).endOutput();
      case 2 -> raw.send(java.util.Arrays.copyOf(sent, random.nextInt(sent.length + 1)));
      default -> raw.send(sent);
    }
    return raw.readAll();
  }

  private byte[] request(RandomGenerator random) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int requests = random.nextInt(5) == 0 ? 1 + random.nextInt(20) : 1;
    for (int i = 0; i < requests; i++) {
      all.writeBytes(one(random, i == requests - 1));
    }
    if (random.nextInt(20) == 0) {
      byte[] noise = new byte[random.nextInt(3_000)];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (byte) random.nextInt(256);
      }
      all.writeBytes(noise);
    }
    return all.toByteArray();
  }

  private byte[] one(RandomGenerator random, boolean last) {
    String body = any(BODIES, random);
    String version =
        any(
            List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/3", ""),
            random);
    StringBuilder head =
        new StringBuilder(
                any(METHODS.subList(0, random.nextInt(3) == 0 ? METHODS.size() : 4), random))
            .append(' ')
            .append(path(random))
            .append(version.isEmpty() ? "" : " " + version)
            .append("\r\n");
    if (random.nextInt(20) > 0) {
      head.append("Host: localhost\r\n");
    }
    if (random.nextInt(10) > 0) {
      head.append("Authorization: Bearer ").append(token.text()).append("\r\n");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      head.append(any(HEADERS, random)).append("\r\n");
    }
    if (random.nextInt(30) == 0) {
      for (int i = random.nextInt(3_000); i > 0; i--) {
        head.append("X-").append(i).append(": flood\r\n");
      }
    }
    if (last) {
      head.append("Connection: close\r\n");
    }
    String framed =
        switch (random.nextInt(8)) {
          case 0 -> chunked(head, body, random);
          case 1 -> body; // without a length
          case 2 -> {
            head.append("Content-Length: ").append(random.nextInt(20_000)).append("\r\n");
            yield body;
          }
          default -> {
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            head.append("Content-Length: ").append(length).append("\r\n");
            yield body;
          }
        };
    return (head + "\r\n" + framed)
        .getBytes(random.nextInt(10) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  private static String chunked(StringBuilder head, String body, RandomGenerator random) {
    head.append("Transfer-Encoding: chunked\r\n");
    String size = Integer.toHexString(body.getBytes(StandardCharsets.UTF_8).length);
    return switch (random.nextInt(7)) {
      case 0 -> "zz\r\n" + body;
      case 1 -> "-5\r\nhello\r\n0\r\n\r\n";
      case 2 -> "ffffffffffffffff\r\n" + body;
      case 3 -> "5\r\n" + body;
      case 4 -> size + ";ext=\"" + "x".repeat(5_000) + "\"\r\n" + body + "\r\n0\r\n\r\n";
      case 5 -> size + "\r\n" + body + "\r\n0\r\nTrailer: " + "x".repeat(50_000) + "\r\n\r\n";
      default -> size + "\r\n" + body + "\r\n0\r\n\r\n";
    };
  }

  private static String path(RandomGenerator random) {
    StringBuilder path = new StringBuilder(any(PATHS, random).replace("%s", any(TEXTS, random)));
    char separator = path.indexOf("?") < 0 ? '?' : '&';
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append(separator)
          .append(any(PARAMETERS, random))
          .append(random.nextInt(10) == 0 ? "" : "=")
          .append(any(random.nextBoolean() ? NUMBERS : TEXTS, random));
      separator = '&';
    }
    return path.toString();
  }

  private static String any(List<String> some, RandomGenerator random) {
    return some.get(random.nextInt(some.size()));
  }

  private HttpResponse<String> store(String id) {
    return Http.to(server)
        .put(
            "/v1/queues/honest/messages/" + id + "?delay=1h",
            id,
            "Authorization",
            "Bearer " + token.text());
  }

  private Set<String> stored() {
    Set<String> ids = new TreeSet<>();
    Http http = Http.to(server);
    String cursor = "";
    do {
      String page =
          http.get(
                  "/v1/queues/honest/messages?limit=100" + cursor,
                  "Authorization",
                  "Bearer " + token.text())
              .body();
      Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(page);
      while (id.find()) {
        ids.add(id.group(1));
      }
      Matcher next = Pattern.compile("\"next\":\"([^\"]+)\"").matcher(page);
      cursor =
          next.find()
              ? "&cursor=" + java.net.URLEncoder.encode(next.group(1), StandardCharsets.UTF_8)
              : "";
    } while (!cursor.isEmpty());
    return ids;
  }

  private static String shown(byte[] sent) {
    String text = new String(sent, StandardCharsets.ISO_8859_1);
    return (text.length() > 1_500 ? text.substring(0, 1_500) + "..." : text)
        .replace("\r", "\\r")
        .replace("\u0000", "\\0");
  }
}
