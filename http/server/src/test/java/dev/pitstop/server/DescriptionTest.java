package dev.pitstop.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import dev.pitstop.server.http.Web;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document of a server tells of all its routes and of no others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DescriptionTest {
  private PitstopServer server;
  private Description description;
  private String json;

  @BeforeAll
  void start() {
    server =
        PitstopServer.start(
            ServerSettings.defaults().store("memory:").web(Web.Settings.defaults().port(0)));
    json = Http.to(server).get("/v1/openapi.json").body();
    description = new Description(json);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void eachRouteIsDescribedAndEachOperationIsARoute() {
    assertThat(description.operations().stream().map(Description.Operation::name))
        .containsExactlyInAnyOrderElementsOf(
            server.routes().stream().map(DescriptionTest::name).toList());
  }

  private static String name(Route route) {
    return route.method() + " " + route.template();
  }

  @Test
  void theParametersOfAnOperationAreThoseThatItsRouteTakes() {
    Map<String, Set<String>> described = new TreeMap<>();
    Map<String, Set<String>> taken = new TreeMap<>();
    for (Description.Operation operation : description.operations()) {
      described.put(operation.name(), new TreeSet<>(names(operation, "query")));
    }
    for (Route route : server.routes()) {
      taken.put(name(route), new TreeSet<>(route.parameters()));
    }
    assertThat(described).isEqualTo(taken);
  }

  @Test
  void theNamesInAPathAreParametersOfIt() {
    for (Description.Operation operation : description.operations()) {
      List<String> braces =
          Pattern.compile("\\{([^}]*)}")
              .matcher(operation.path())
              .results()
              .map(found -> found.group(1))
              .toList();
      assertThat(names(operation, "path"))
          .as(operation.name())
          .containsExactlyInAnyOrderElementsOf(braces);
    }
  }

  @Test
  void whatIsStoredByParametersIsStoredByHeadersAsWell() {
    for (Description.Operation operation : description.operations()) {
      List<String> headers =
          names(operation, "header").stream().filter(name -> name.startsWith("Pitstop-")).toList();
      Set<String> parameters =
          headers.isEmpty()
              ? Set.of()
              : names(operation, "query").stream()
                  .filter(name -> !name.equals("id") && !name.endsWith("*"))
                  .map(name -> "pitstop-" + name.replaceAll("([A-Z])", "-$1"))
                  .map(name -> name.toLowerCase(Locale.ROOT))
                  .collect(Collectors.toSet());
      assertThat(headers.stream().map(name -> name.toLowerCase(Locale.ROOT)))
          .as(operation.name())
          .containsExactlyInAnyOrderElementsOf(parameters);
    }
  }

  /** The names of parameters; one that stands for many ends with a star, as in a route. */
  private static List<String> names(Description.Operation operation, String in) {
    return operation.parameters().stream()
        .filter(parameter -> parameter.get("in").asString().equals(in))
        .flatMap(
            parameter -> {
              JsonNode schema = parameter.get("schema");
              if (schema.has("patternProperties")) {
                return schema.get("patternProperties").propertyNames().stream()
                    .map(pattern -> pattern.replaceAll("^\\^|\\.\\+$", "") + "*");
              }
              return Stream.of(
                  schema.has("additionalProperties") ? "*" : parameter.get("name").asString());
            })
        .toList();
  }

  @Test
  void theRightOfAnOperationIsThatOfItsRoute() {
    for (Route route : server.routes()) {
      JsonNode security =
          description.operation(route.method(), route.template()).node().get("security");
      String expected =
          switch (route.right()) {
            case NONE -> "[]";
            case ANY -> "[{\"bearer\":[]}]";
            default -> "[{\"bearer\":[\"" + route.right().word() + "\"]}]";
          };
      assertThat(String.valueOf(security)).as(name(route)).isEqualTo(expected);
    }
    assertThat(server.routes().stream().map(Route::right)).contains(Right.values());
  }

  @Test
  void theDocumentIsOpenApi31() {
    assertThat(json).startsWith("{\"openapi\":\"3.1.0\"");
    assertThat(messages(json)).isEmpty();
    assertThat(messages(json.replace("\"title\":\"Pitstop\",", "")))
        .as("the validator sees what is wrong")
        .isNotEmpty();
    assertThat(messages(json.replace("\"operationId\":\"listQueues\"", "\"operation\":\"x\"")))
        .isNotEmpty();
  }

  private static List<String> messages(String json) {
    List<String> messages = new OpenAPIV3Parser().readContents(json).getMessages();
    return messages == null ? List.of() : messages;
  }

  @Test
  void itsSchemasAreJsonSchemas() {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    List<JsonNode> schemas =
        Stream.concat(
                description.document().findValues("schema").stream(),
                description.document().at("/components/schemas").values().stream())
            .toList();
    assertThat(schemas).hasSizeGreaterThan(100);
    for (JsonNode schema : schemas) {
      assertThat(meta.validate(schema.toString(), InputFormat.JSON))
          .as(schema.toString())
          .isEmpty();
    }
    assertThat(meta.validate("{\"type\":\"text\"}", InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void itsReferencesLeadSomewhereAndAllThatIsDeclaredIsUsed() {
    Set<String> used =
        description.document().findValues("$ref").stream()
            .map(JsonNode::asString)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> declared = new TreeSet<>();
    for (String kind : List.of("parameters", "requestBodies", "responses", "schemas")) {
      description
          .document()
          .at("/components/" + kind)
          .propertyNames()
          .forEach(name -> declared.add("#/components/" + kind + "/" + name));
    }
    assertThat(used).isEqualTo(declared);
  }

  @Test
  void itsExamplesAreAsTheSchemasSay() {
    int[] seen = {0};
    examples(description.document(), seen);
    assertThat(seen[0]).isGreaterThan(20);
  }

  private void examples(JsonNode node, int[] seen) {
    JsonNode schema = node.get("schema");
    if (schema != null && schema.isObject()) {
      JsonNode one = node.get("example");
      if (one != null) {
        check(schema, one, seen);
      }
      node.path("examples").values().forEach(example -> check(schema, example.get("value"), seen));
    } else if (node.has("type") && node.path("examples").isArray()) {
      node.get("examples").values().forEach(example -> check(node, example, seen));
    }
    node.values().forEach(child -> examples(child, seen));
  }

  private void check(JsonNode schema, JsonNode example, int[] seen) {
    seen[0]++;
    assertThat(description.errors(schema, example)).as(example.toString()).isEmpty();
  }

  @Test
  void allTypesOfProblemsAreNamed() {
    List<String> types =
        description.document().at("/components/schemas/ProblemType/enum").values().stream()
            .map(JsonNode::asString)
            .toList();
    assertThat(types)
        .containsExactlyElementsOf(
            Arrays.stream(Problem.Kind.values()).map(kind -> "/problems/" + kind.slug()).toList());
  }
}
