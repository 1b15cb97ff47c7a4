package dev.pitstop.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is opened, and what is told of what cannot be. */
final class OpeningTest {
  private static Store open(String address) {
    return new HttpStoreFactory(Map.of()).open(Address.parse(address));
  }

  @Test
  void theStoreOfAServerIsSharedAndItsClockIsNobodysToSet() {
    try (Served served = Served.on("memory:")) {
      assertThat(served.client().capabilities()).containsExactly(Capability.SHARED);
    }
  }

  @Test
  void itsTimeIsTheServersWithinWhatACallTakes() {
    try (Served served = Served.on("memory:")) {
      Store client = served.client();
      Instant before = Instant.now();
      Instant told = client.now();
      assertThat(told).isBetween(before.minusMillis(50), Instant.now().plusMillis(50));
    }
  }

  /** Something that is reached at an address and answers everything alike. */
  private static HttpServer answering(int status, String type, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", type);
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | text/html | <html> | is no Pitstop server: it answered 200 with text/html",
        "404 | text/html | <html> | is no Pitstop server: it answered 404 with text/html",
        "302 | text/html | <html> | is no Pitstop server: it answered 302 with text/html",
        "502 | text/html | <html> | answered 502 to /v1/store:open",
        "200 | application/vnd.pitstop.store.v2 | x | is no Pitstop server: it answered 200 with",
        "404 | application/problem+json | {\"detail\":\"no \\\"such\\\" path\"} | does not know /v1/store:open",
        "415 | application/problem+json | {\"detail\":\"this server takes x.v2\"} | is of another version: this server takes x.v2, this client sends application/vnd.pitstop.store.v1",
        "503 | application/problem+json | {\"detail\":\"the server is stopping\"} | answered 503: the server is stopping",
        "429 | application/problem+json | {\"detail\":\"too many\"} | refuses for now: too many",
      })
  void whatIsNoServerOfThisVersionIsToldApart(int status, String type, String body, String said)
      throws IOException {
    HttpServer other = answering(status, type, body);
    try {
      String address = "http://localhost:" + other.getAddress().getPort();
      assertThatThrownBy(() -> open(address))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageStartingWith(address)
          .hasMessageContaining(said);
    } finally {
      other.stop(0);
    }
  }

  @Test
  void F01_aServerThatIsAwayIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(() -> open("http://localhost:" + port + "?token=pst_secret"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("http://localhost:" + port + " cannot be reached: ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void F01_aServerThatDoesNotAnswerIsWaitedForNoLongerThanTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long before = System.nanoTime();
      assertThatThrownBy(() -> open("http://localhost:" + silent.getLocalPort() + "?timeout=300ms"))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("gave no answer within PT0.3S");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:",
        "http:localhost:8025",
        "http://",
        "http://a b",
        "http://localhost:8025#x",
        "http://localhost:8025?tlsCa=ca.pem",
        "https://localhost:8025?tlsCa=/nowhere/ca.pem",
        "http://localhost:8025?tokenFile=/nowhere/token",
        "http://localhost:8025?token=a&tokenFile=b",
        "http://localhost:8025?timeout=0s",
        "http://user@localhost:8025"
      })
  void whatCannotBeAnAddressIsRefused(String address) {
    assertThatThrownBy(() -> open(address)).isInstanceOf(InvalidFieldException.class);
  }
}
