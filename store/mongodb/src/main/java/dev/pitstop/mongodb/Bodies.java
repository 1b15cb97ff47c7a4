package dev.pitstop.mongodb;

import dev.pitstop.spi.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What a message carries, as fields of its document and back.
 *
 * <p>A JSON object becomes a document that people can query. Where writing that anew would give
 * other bytes (spaces, other escapes, {@code 1e3}), the text is kept beside it, and counts.
 */
final class Bodies {
  /** What a document without a content type holds, as those of the Clojure Pitstop. */
  private static final String JSON = "application/json";

  /** A larger object is kept as binary: as a document it may take six times its size. */
  private static final int LARGEST_DOCUMENT = 1 << 20;

  private static final String NAME = "name";
  private static final String VALUE = "value";

  private Bodies() {}

  static void write(Payload payload, BsonDocument document) {
    byte[] body = payload.body();
    Optional<BsonDocument> object =
        isJson(payload.contentType()) && body.length <= LARGEST_DOCUMENT
            ? JsonParser.object(body)
            : Optional.empty();
    document.put(Fields.MSG, object.isPresent() ? object.get() : new BsonBinary(body));
    if (object.isPresent()) {
      String text = new String(body, StandardCharsets.UTF_8);
      if (!JsonText.of(object.get()).equals(text)) {
        document.put(Fields.MSG_TEXT, new BsonString(text));
      }
    }
    if (!payload.contentType().equals(JSON)) {
      document.put(Fields.CONTENT_TYPE, new BsonString(payload.contentType()));
    }
    if (!payload.headers().isEmpty()) {
      BsonArray headers = new BsonArray();
      payload.headers().forEach((name, value) -> headers.add(header(name, value)));
      document.put(Fields.HEADERS, headers);
    }
  }

  static Payload read(BsonDocument document) {
    String contentType =
        document.isString(Fields.CONTENT_TYPE)
            ? document.getString(Fields.CONTENT_TYPE).getValue()
            : JSON;
    return new Payload(body(document), contentType, headers(document));
  }

  private static byte[] body(BsonDocument document) {
    if (document.isString(Fields.MSG_TEXT)) {
      return document.getString(Fields.MSG_TEXT).getValue().getBytes(StandardCharsets.UTF_8);
    }
    BsonValue msg = document.get(Fields.MSG);
    if (msg == null) {
      return new byte[0];
    }
    return msg.isBinary()
        ? msg.asBinary().getData()
        : JsonText.of(msg).getBytes(StandardCharsets.UTF_8);
  }

  /** The headers; none where these cannot be read. */
  private static Map<String, String> headers(BsonDocument document) {
    if (!hasHeaders(document)) {
      return Map.of();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (BsonValue header : document.getArray(Fields.HEADERS)) {
      headers.put(
          header.asDocument().getString(NAME).getValue(),
          header.asDocument().getString(VALUE).getValue());
    }
    return Collections.unmodifiableMap(headers);
  }

  private static boolean hasHeaders(BsonDocument document) {
    return document.isArray(Fields.HEADERS)
        && document.getArray(Fields.HEADERS).stream()
            .allMatch(
                header ->
                    header.isDocument()
                        && header.asDocument().isString(NAME)
                        && header.asDocument().isString(VALUE));
  }

  /** What of a document cannot be read; null where all can. */
  static @Nullable String damage(BsonDocument document) {
    BsonValue headers = document.get(Fields.HEADERS);
    return headers == null || headers.isNull() || hasHeaders(document)
        ? null
        : "headers cannot be read: they must be an array of documents with a name and a value";
  }

  private static BsonDocument header(String name, String value) {
    return new BsonDocument(NAME, new BsonString(name)).append(VALUE, new BsonString(value));
  }

  private static boolean isJson(String contentType) {
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    String plain = type.strip().toLowerCase(Locale.ROOT);
    return plain.equals(JSON) || plain.endsWith("+json");
  }
}
