package dev.pitstop.mongodb;

import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * Writes values as JSON without any space. Types that JSON lacks, which others may have stored,
 * become text: dates as ISO 8601, object ids in hex, binary in base 64. Not thread-safe.
 */
final class JsonText {
  private final StringBuilder text = new StringBuilder();

  private JsonText() {}

  static String of(BsonValue value) {
    JsonText json = new JsonText();
    json.value(value);
    return json.text.toString();
  }

  private void value(BsonValue value) {
    switch (value.getBsonType()) {
      case DOCUMENT -> document(value.asDocument());
      case ARRAY -> array(value.asArray());
      case STRING -> string(value.asString().getValue());
      case BOOLEAN -> text.append(value.asBoolean().getValue());
      case INT32 -> text.append(value.asInt32().getValue());
      case INT64 -> text.append(value.asInt64().getValue());
      case DOUBLE -> real(value.asDouble().getValue());
      case DECIMAL128 -> decimal(value);
      case NULL, UNDEFINED -> text.append("null");
      case DATE_TIME -> string(Instant.ofEpochMilli(value.asDateTime().getValue()).toString());
      case TIMESTAMP -> string(Instant.ofEpochSecond(value.asTimestamp().getTime()).toString());
      case OBJECT_ID -> string(value.asObjectId().getValue().toHexString());
      case SYMBOL -> string(value.asSymbol().getSymbol());
      case BINARY -> binary(value.asBinary());
      case REGULAR_EXPRESSION -> string(value.asRegularExpression().getPattern());
      case JAVASCRIPT -> string(value.asJavaScript().getCode());
      default -> string(value.toString());
    }
  }

  private void document(BsonDocument document) {
    char separator = '{';
    for (Map.Entry<String, BsonValue> field : document.entrySet()) {
      text.append(separator);
      string(field.getKey());
      text.append(':');
      value(field.getValue());
      separator = ',';
    }
    text.append(separator == '{' ? "{}" : "}");
  }

  private void array(BsonArray array) {
    char separator = '[';
    for (BsonValue value : array) {
      text.append(separator);
      value(value);
      separator = ',';
    }
    text.append(separator == '[' ? "[]" : "]");
  }

  private void real(double value) {
    if (Double.isFinite(value)) {
      text.append(value);
    } else {
      string(Double.toString(value));
    }
  }

  private void decimal(BsonValue value) {
    String decimal = value.asDecimal128().getValue().toString();
    if (Character.isDigit(decimal.charAt(decimal.length() - 1))) {
      text.append(decimal);
    } else {
      string(decimal); // Infinity, NaN
    }
  }

  private void binary(BsonBinary binary) {
    string(
        binary.getType() == 4
            ? binary.asUuid().toString()
            : Base64.getEncoder().encodeToString(binary.getData()));
  }

  private void string(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ') {
            text.append(String.format("\\u%04X", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
