package dev.pitstop.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Web;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the files of the console are served, and what they promise. */
final class ConsoleFilesTest {
  private static final Path FOLDER = Path.of("src/main/resources/dev/pitstop/server/console");
  private static final Pattern FILE = Pattern.compile("\"(/console/[^\"]+)\"");

  private PitstopServer server;

  @BeforeEach
  void start() {
    server =
        PitstopServer.start(
            ServerSettings.defaults().store("memory:").web(Web.Settings.defaults().port(0)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void allFilesOfTheFolderAreServed() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(Console.OWN)
          .containsExactlyInAnyOrderElementsOf(
              names.stream().filter(name -> !name.equals("index.html")).toList());
    }
  }

  @Test
  void thePageRunsScriptsOfThisServerOnlyAndIsAskedForEachTime() {
    HttpResponse<String> page = get("/queues/any?cursor=x");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy")).contains(Console.POLICY);
    assertThat(Console.POLICY)
        .contains("default-src 'none'", "script-src 'self';", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "http:", "https:", "*");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
    assertThat(page.body())
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContain("style=", "//");
    String tag = page.headers().firstValue("ETag").orElseThrow();
    assertThat(get("/", "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void filesLieUnderAHashAndAreKeptForEver() {
    Matcher files = FILE.matcher(get("/").body());
    Map<String, String> seen = new TreeMap<>();
    while (files.find()) {
      HttpResponse<String> file = get(files.group(1));
      assertThat(file.statusCode()).as(files.group(1)).isEqualTo(200);
      assertThat(file.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
      seen.put(files.group(1), file.body());
    }
    assertThat(seen).hasSizeGreaterThan(20);
    String script =
        seen.keySet().stream().filter(name -> name.endsWith("app.js")).findFirst().orElseThrow();
    HttpResponse<String> zipped = get(script, "Accept-Encoding", "gzip");
    assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(get(script.replaceAll("[0-9a-f]{16}", "0123456789abcdef")).statusCode())
        .isEqualTo(404);
    assertThat(get(script.replace("app.js", "..%2fapp.js")).statusCode()).isEqualTo(404);
    assertThat(get(script.replace("app.js", "index.html")).statusCode()).isEqualTo(404);
  }

  @Test
  void everyColourOfTextCanBeReadOnEveryBackground() throws IOException {
    String css = Files.readString(FOLDER.resolve("style.css"));
    for (String theme :
        List.of(":root {", ":root[data-theme='dark'] {", ":root:not([data-theme='light']) {")) {
      String block = css.substring(css.indexOf(theme));
      block = block.substring(0, block.indexOf('}'));
      for (String background : List.of("bg", "surface", "raised")) {
        for (String text :
            List.of(
                "text",
                "muted",
                "scheduled",
                "overdue",
                "leased",
                "acked",
                "failed",
                "buried",
                "accent")) {
          assertThat(contrast(token(block, text), token(block, background)))
              .as("%s on %s in %s", text, background, theme)
              .isGreaterThanOrEqualTo(4.5);
        }
        assertThat(contrast(token(block, "line"), token(block, background)))
            .as("line on %s in %s", background, theme)
            .isGreaterThanOrEqualTo(3);
      }
      assertThat(contrast(token(block, "on-accent"), token(block, "accent")))
          .isGreaterThanOrEqualTo(4.5);
      assertThat(contrast(token(block, "accent"), token(block, "chosen")))
          .isGreaterThanOrEqualTo(4.5);
    }
  }

  private static int token(String block, String name) {
    Matcher value = Pattern.compile("--" + name + ": #([0-9a-f]{3,6});").matcher(block);
    assertThat(value.find()).as(name).isTrue();
    String hex = value.group(1);
    return Integer.parseInt(hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex, 16);
  }

  /** The ratio of the luminances of two colours, as WCAG has it. */
  private static double contrast(int one, int other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(int colour) {
    return 0.2126 * linear(colour >> 16) + 0.7152 * linear(colour >> 8) + 0.0722 * linear(colour);
  }

  private static double linear(int channel) {
    double part = (channel & 0xff) / 255.0;
    return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  }

  private HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.address().resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().sendAsync(request.build(), BodyHandlers.ofString()).join();
  }
}
