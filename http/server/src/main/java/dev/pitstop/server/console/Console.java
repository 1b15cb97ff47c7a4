package dev.pitstop.server.console;

import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Endpoint;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Serves the console: one page at several addresses, and the files that it is made of. Immutable.
 *
 * <p>The files lie under a hash over all of them, so that browsers keep them for ever and never mix
 * those of two versions. The page runs scripts of this server only and none that stands in the page
 * itself, and no text becomes HTML but through lit-html's templates.
 */
public final class Console {
  /** What the page may do: load and ask this server, nothing else. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
          + "manifest-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
          + "require-trusted-types-for 'script'; trusted-types lit-html";

  /** The files of this package. */
  static final List<String> OWN =
      List.of(
          "style.css",
          "icon.svg",
          "app.js",
          "actions.js",
          "api.js",
          "body.js",
          "bulk.js",
          "buried.js",
          "find.js",
          "format.js",
          "keys.js",
          "list.js",
          "live.js",
          "message.js",
          "nodes.js",
          "overlay.js",
          "overview.js",
          "panel.js",
          "queue.js",
          "recurring.js",
          "relays.js",
          "rights.js",
          "scale.js",
          "store.js",
          "target.js",
          "timeline.js",
          "view.js");

  /** The files of lit-html. */
  private static final List<String> LIT =
      List.of(
          "lit-html.js",
          "directive.js",
          "directive-helpers.js",
          "directives/guard.js",
          "directives/live.js",
          "directives/repeat.js");

  private static final String LIT_JAR = "/META-INF/resources/webjars/lit-html/3.2.1/";
  private static final String PAGE = "index.html";
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final Asset page;
  private final String hash;
  private final Map<String, Asset> files;

  private Console() {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    OWN.forEach(name -> bytes.put(name, read(name)));
    LIT.forEach(name -> bytes.put("lit/" + name, read(LIT_JAR + name)));
    byte[] template = read(PAGE);
    MessageDigest all = sha256();
    bytes.forEach(
        (name, content) -> {
          all.update(name.getBytes(StandardCharsets.UTF_8));
          all.update(content);
        });
    all.update(template);
    hash = HexFormat.of().formatHex(all.digest()).substring(0, 16);
    files = new LinkedHashMap<>();
    bytes.forEach((name, content) -> files.put(name, Asset.of(type(name), hash, content)));
    page = Asset.of(type(PAGE), hash, page(template).getBytes(StandardCharsets.UTF_8));
  }

  /** The routes of the pages and of their files. */
  public static List<Route> routes() {
    Console console = new Console();
    Endpoint page = call -> CompletableFuture.completedFuture(console.page(call));
    Endpoint file = call -> CompletableFuture.completedFuture(console.file(call));
    // what a page shows stands in its query, which is for the scripts in it
    Set<String> any = Set.of("*");
    return List.of(
        new Route("GET", "/", Right.NONE, any, page),
        new Route("GET", "/queues/{queue}", Right.NONE, any, page),
        new Route("GET", "/queues/{queue}/message", Right.NONE, any, page),
        new Route("GET", "/recurring", Right.NONE, any, page),
        new Route("GET", "/buried", Right.NONE, any, page),
        new Route("GET", "/nodes", Right.NONE, any, page),
        new Route("GET", "/console/{hash}/{file}", Right.NONE, Set.of(), file),
        new Route("GET", "/console/{hash}/lit/{lit}", Right.NONE, Set.of(), file),
        new Route("GET", "/console/{hash}/lit/directives/{directive}", Right.NONE, Set.of(), file));
  }

  private Answer page(Call call) {
    return page.answer(call, "no-cache")
        .header("Content-Security-Policy", POLICY)
        .header("Cross-Origin-Opener-Policy", "same-origin")
        .header("Referrer-Policy", "no-referrer");
  }

  private Answer file(Call call) {
    String name = call.path().substring(call.path().indexOf('/', "/console/".length()) + 1);
    Asset asset = files.get(name);
    if (asset == null || !call.name("hash").equals(hash)) {
      throw Problem.of(Problem.Kind.NOT_FOUND, "there is no such file; load the page again")
          .with("value", call.path());
    }
    return asset.answer(call, FOR_EVER);
  }

  /** The page, with the addresses of its files; it has all modules loaded at once. */
  private String page(byte[] template) {
    String modules =
        files.keySet().stream()
            .filter(name -> name.endsWith(".js"))
            .map(name -> "<link rel=\"modulepreload\" href=\"/console/" + hash + "/" + name + "\">")
            .collect(Collectors.joining("\n    "));
    return new String(template, StandardCharsets.UTF_8)
        .replace("{modules}", modules)
        .replace("{hash}", hash);
  }

  private static String type(String name) {
    String suffix = name.substring(name.lastIndexOf('.') + 1);
    return switch (suffix) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "html" -> "text/html; charset=utf-8";
      default -> throw new IllegalArgumentException("no media type for " + name);
    };
  }

  private static byte[] read(String name) {
    try (InputStream in = Console.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
