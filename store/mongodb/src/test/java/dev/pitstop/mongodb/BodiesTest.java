package dev.pitstop.mongodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.spi.Payload;
import java.util.Map;
import java.util.Random;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies as people see them in the database, and as they come back. */
final class BodiesTest {
  private static BsonDocument written(byte[] body, String contentType) {
    BsonDocument document = new BsonDocument();
    Bodies.write(new Payload(body, contentType, Map.of()), document);
    assertThat(Bodies.read(document).body()).as("what comes back").isEqualTo(body);
    assertThat(Bodies.read(document).contentType()).isEqualTo(contentType);
    return document;
  }

  private static BsonDocument written(String body) {
    return written(body.getBytes(UTF_8), "application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":1,\"b\":-2147483649,\"c\":9223372036854775807,\"d\":[true,false,null,{}]}",
        "{\"a\":1.5,\"b\":-0.0,\"c\":1.0E10,\"d\":1.50,\"e\":12345678901234567890}",
        "{\"text\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001F\u007F\uD83D\uDE80\"}",
        "{\"deep\":{\"er\":{\"est\":[[[1]]]}}}"
      })
  void S08_compactObjectIsADocumentAndNothingElse(String json) {
    BsonDocument document = written(json);
    assertThat(document.keySet()).containsExactly(Fields.MSG);
    assertThat(document.isDocument(Fields.MSG)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " {\"a\": 1}\n",
        "{\"a\":1e3,\"b\":-0,\"c\":1.00000000000000000000000000000000000000001}",
        "{\"a\":\"\\/\\u00e9\"}"
      })
  void S08_objectWrittenInAnotherWayHasItsTextBesides(String json) {
    BsonDocument document = written(json);
    assertThat(document.isDocument(Fields.MSG)).isTrue();
    assertThat(document.getString(Fields.MSG_TEXT).getValue()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{}{}",
        "{\"a\":1,\"a\":2}",
        "{\"$set\":1}",
        "{\"a.b\":1}",
        "{\"\":1}",
        "{\"\\u0000\":1}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":NaN}",
        "{\"a\":1e999999}",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":tru}"
      })
  void S08_whatIsNoObjectThatCanBeQueriedIsBinary(String json) {
    BsonDocument document = written(json);
    assertThat(document.isBinary(Fields.MSG)).isTrue();
  }

  @Test
  void S08_otherTypesAndTextThatIsNotUtf8AreBinary() {
    assertThat(written("{}".getBytes(UTF_8), "text/plain").isBinary(Fields.MSG)).isTrue();
    assertThat(written(new byte[] {'{', '"', (byte) 0xFF, '"', '}'}, "application/json").keySet())
        .containsExactly(Fields.MSG);
    assertThat(written("{}".getBytes(UTF_8), "Application/vnd.x+JSON; charset=utf-8").keySet())
        .containsExactly(Fields.MSG, Fields.CONTENT_TYPE);
  }

  @Test
  void S08_deepNestingIsKept() {
    String deep = "{\"a\":".repeat(89) + "{}" + "}".repeat(89);
    assertThat(written(deep).isDocument(Fields.MSG)).isTrue();
    String tooDeep = "{\"a\":".repeat(5_000) + "{}" + "}".repeat(5_000);
    assertThat(written(tooDeep).isBinary(Fields.MSG)).isTrue();
  }

  @Test
  void S08_randomTextComesBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String letters = "{}[]\":,\\un019.eE+- tfalsr\uD83D\uDE80\t";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder("{\"");
      for (int n = random.nextInt(20); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      byte[] body = text.append(random.nextBoolean() ? "\"}" : "}").toString().getBytes(UTF_8);
      BsonDocument document = new BsonDocument();
      Bodies.write(new Payload(body, "application/json", Map.of()), document);
      assertThat(Bodies.read(document).body()).as("with seed %s: %s", seed, text).isEqualTo(body);
    }
  }
}
