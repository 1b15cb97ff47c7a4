package dev.pitstop.server;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document that a server describes itself with, and JSON held against its schemas: more
 * strictly than callers should, as fields that it does not know are refused.
 */
final class Description {
  private static final String ADDRESS = "https://pitstop.test/openapi.json";
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

  /** Schemas that others are put together from; they know some of the fields only. */
  private static final Set<String> PARTS = Set.of("Standing", "Content", "WithoutBody");

  private final JsonNode document;
  private final SchemaRegistry schemas;

  Description(String json) {
    document = new JsonMapper().readTree(json);
    schemas = registry(strict(json));
  }

  private static SchemaRegistry registry(String json) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    return SchemaRegistry.withDefaultDialect(
        SpecificationVersion.DRAFT_2020_12,
        builder -> builder.schemaRegistryConfig(config).schemas(Map.of(ADDRESS, json)));
  }

  private static String strict(String json) {
    JsonNode document = new JsonMapper().readTree(json);
    document
        .at("/components/schemas")
        .properties()
        .forEach(
            schema -> {
              if (!PARTS.contains(schema.getKey())) {
                refuseOthers(schema.getValue());
              }
            });
    return document.toString();
  }

  private static void refuseOthers(JsonNode schema) {
    boolean ofFields = schema.has("properties") || schema.has("allOf");
    if (ofFields && !schema.has("additionalProperties")) {
      ((ObjectNode) schema).put("unevaluatedProperties", false);
    }
  }

  JsonNode document() {
    return document;
  }

  /** Something that the document describes: a method of a path. */
  record Operation(String method, String path, JsonNode node, List<JsonNode> parameters) {
    String name() {
      return method + " " + path;
    }
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        entry -> {
                          if (METHODS.contains(entry.getKey())) {
                            operations.add(operation(path, entry));
                          }
                        }));
    return operations;
  }

  private Operation operation(
      Map.Entry<String, JsonNode> path, Map.Entry<String, JsonNode> method) {
    List<JsonNode> parameters =
        Stream.of(path.getValue(), method.getValue())
            .map(node -> node.path("parameters").values())
            .flatMap(Collection::stream)
            .map(this::resolved)
            .toList();
    return new Operation(
        method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue(), parameters);
  }

  Operation operation(String method, String path) {
    return operations().stream()
        .filter(one -> one.method().equals(method) && one.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("not described: " + method + " " + path));
  }

  /** What a node stands for. */
  JsonNode resolved(JsonNode node) {
    JsonNode reference = node.get("$ref");
    return reference == null ? node : document.at(reference.asString().substring(1));
  }

  /** The answer of an operation with a status: its own, or what is said of all others. */
  JsonNode answer(Operation operation, int status) {
    JsonNode answers = operation.node().get("responses");
    JsonNode answer = answers.get(Integer.toString(status));
    if (answer == null && status >= 400) {
      answer = answers.get("default");
    }
    if (answer == null) {
      throw new AssertionError(operation.name() + " does not tell of the answer " + status);
    }
    return resolved(answer);
  }

  /**
   * What is wrong with a JSON text by a schema of the document; nothing when it is as it should.
   */
  List<Error> errors(JsonNode schema, String json) {
    return of(schema).validate(json, InputFormat.JSON);
  }

  List<Error> errors(JsonNode schema, JsonNode json) {
    return errors(schema, json.toString());
  }

  private Schema of(JsonNode schema) {
    JsonNode own = schema.deepCopy();
    refuseOthers(own);
    return schemas.getSchema(own.toString().replace("\"#/", "\"" + ADDRESS + "#/"));
  }
}
