package dev.pitstop.server.openapi;

import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Serves the description of all routes, an OpenAPI 3.1 document, which is written down in {@code
 * openapi.yaml}. Immutable.
 */
public final class OpenApi {
  private static final String SOURCE = "openapi.yaml";
  private static final String BY_PATH = "/messages/{id}";
  private static final String BY_PARAMETER = "/message";

  private OpenApi() {}

  /** The route of the document. */
  public static List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/v1/openapi.json",
            Right.NONE,
            Set.of(),
            call -> CompletableFuture.completedFuture(Answer.json(200, Document.JSON))));
  }

  /** The document, read when it is first asked for. */
  private static final class Document {
    static final byte[] JSON = JsonTree.bytes(withParameterPaths(read()));
  }

  private static Map<?, ?> read() {
    try (InputStream in = OpenApi.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        throw new IllegalStateException(SOURCE + " is not on the class path");
      }
      LoadSettings settings = LoadSettings.builder().setLabel(SOURCE).build();
      return (Map<?, ?>) new Load(settings).loadFromInputStream(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds to each path with a message's id that with the id as a parameter. */
  private static Map<String, Object> withParameterPaths(Map<?, ?> document) {
    Map<String, Object> whole = new LinkedHashMap<>();
    document.forEach(
        (name, part) ->
            whole.put(
                String.valueOf(name), name.equals("paths") ? withTwins((Map<?, ?>) part) : part));
    return whole;
  }

  private static Map<String, Object> withTwins(Map<?, ?> paths) {
    Map<String, Object> all = new LinkedHashMap<>();
    paths.forEach(
        (name, item) -> {
          String path = String.valueOf(name);
          all.put(path, item);
          if (path.contains(BY_PATH)) {
            all.put(path.replace(BY_PATH, BY_PARAMETER), byParameter(item));
          }
        });
    return all;
  }

  /** The same part of the document for a message whose id is a parameter. */
  private static Object byParameter(Object part) {
    if (part instanceof Map<?, ?> map) {
      Map<Object, Object> changed = new LinkedHashMap<>();
      map.forEach(
          (name, value) ->
              changed.put(
                  name, name.equals("operationId") ? value + "ByParameter" : byParameter(value)));
      return changed;
    }
    if (part instanceof List<?> list) {
      return list.stream().map(OpenApi::byParameter).toList();
    }
    return part.equals("#/components/parameters/Id") ? part + "Parameter" : part;
  }
}
