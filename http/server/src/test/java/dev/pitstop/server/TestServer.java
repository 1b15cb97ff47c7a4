package dev.pitstop.server;

import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Token;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on a port of its own, and what asks it. */
public final class TestServer implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Optional<PitstopServer> server;
  private final URI address;
  private final Optional<Token> token;

  private TestServer(Optional<PitstopServer> server, URI address, Optional<Token> token) {
    this.server = server;
    this.address = address;
    this.token = token;
  }

  /** One that someone else has started. */
  public static TestServer at(URI address) {
    return new TestServer(Optional.empty(), address, Optional.empty());
  }

  /** One on a store. */
  public static TestServer on(String store) {
    return start(ServerSettings.defaults().store(store));
  }

  /** One that is set otherwise, on a port of its own. */
  public static TestServer start(ServerSettings settings) {
    PitstopServer server = PitstopServer.start(settings.web(Web.Settings.defaults().port(0)));
    return new TestServer(Optional.of(server), server.address(), Optional.empty());
  }

  /** The same server, asked with a token. */
  public TestServer as(Token token) {
    return new TestServer(server, address, Optional.of(token));
  }

  /** The port that it listens on. */
  public int port() {
    return address.getPort();
  }

  /** Ends within a time. */
  public void close(Duration drain) {
    server.ifPresent(own -> own.close(drain));
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }

  public String put(String path, String body) {
    return ok(send(request(path).PUT(BodyPublishers.ofString(body))));
  }

  public String post(String path, String body) {
    return ok(send(request(path).POST(BodyPublishers.ofString(body))));
  }

  public String get(String path) {
    return ok(send(request(path).GET()));
  }

  /** A timeline, once all of it is counted. */
  public String timeline(String query) {
    String path = "/v1/timeline?" + query;
    until("counted", () -> get(path).contains("\"partial\":false"));
    return get(path);
  }

  /** The answer to a request, whatever its status. */
  public HttpResponse<String> send(HttpRequest.Builder request) {
    return HTTP.sendAsync(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8)).join();
  }

  /** The answer to a request as bytes, whatever its status. */
  public HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) {
    return HTTP.sendAsync(request.build(), BodyHandlers.ofByteArray()).join();
  }

  public HttpRequest.Builder request(String path) {
    String base = address.toString();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.substring(0, base.length() - 1) + path))
            .timeout(Duration.ofSeconds(60));
    token.ifPresent(one -> request.header("Authorization", "Bearer " + one.text()));
    return request;
  }

  private static String ok(HttpResponse<String> response) {
    if (response.statusCode() >= 300) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /** Opens a stream of events. */
  public EventReader events(String path) {
    HttpResponse<InputStream> response =
        HTTP.sendAsync(request(path).GET().build(), BodyHandlers.ofInputStream()).join();
    return new EventReader(response);
  }

  /** Leases one message that is there, and settles it. */
  public String settle(String queue, String what) {
    String leased = post("/v1/queues/" + queue + "/leases?wait=20s", "");
    return settleLeased(leased, what);
  }

  /** Settles the first message of what was leased. */
  public String settleLeased(String leased, String what) {
    return post(
        "/v1/leases:settle",
        "[{\"queue\":\""
            + first(leased, "\"queue\":\"([^\"]*)\"")
            + "\",\"id\":\""
            + first(leased, "\"id\":\"([^\"]*)\"")
            + "\",\"token\":\""
            + first(leased, "\"token\":\"([^\"]*)\"")
            + "\","
            + what
            + "}]");
  }

  /** The first group of what a pattern finds. */
  public static String first(String text, String pattern) {
    List<String> all = all(text, pattern);
    if (all.isEmpty()) {
      throw new AssertionError("no " + pattern + " in " + text);
    }
    return all.get(0);
  }

  /** The first group of all that a pattern finds. */
  public static List<String> all(String text, String pattern) {
    List<String> found = new ArrayList<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  /** Waits until something holds, looking again and again; there is nothing that tells. */
  public static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never: " + what);
      }
      Thread.onSpinWait();
    }
  }

  /** Reads a stream of events. */
  public static final class EventReader implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    EventReader(HttpResponse<InputStream> response) {
      this.response = response;
      this.lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    public HttpResponse<InputStream> response() {
      return response;
    }

    /** The next line; empty at the end. */
    public String line() {
      try {
        String line = lines.readLine();
        return line == null ? "" : line;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The data of the next event of a name, others passed over. */
    public String next(String event) {
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.equals("event: " + event)) {
            return lines.readLine().substring("data: ".length());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw new AssertionError("the stream ended before an event " + event);
    }

    /** Whether nothing more comes; reads what does. */
    public boolean ends() {
      try {
        while (lines.readLine() != null) {
          // what was on its way
        }
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() {
      try {
        lines.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
