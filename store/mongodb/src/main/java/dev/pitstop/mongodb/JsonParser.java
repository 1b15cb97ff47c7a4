package dev.pitstop.mongodb;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;

/**
 * Reads plain JSON (RFC 8259) as documents. The driver's own reader will not do: it takes <code>
 * {"$date": ..}</code> and its like for other types. Not thread-safe.
 */
final class JsonParser {
  /** MongoDB takes a hundred levels, of which the message's document has one. */
  private static final int DEEPEST = 90;

  private final String text;
  private int at;
  private int depth;

  private JsonParser(String text) {
    this.text = text;
  }

  /** Not JSON, or JSON that no document can hold in a way that it can be queried. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    Unfit(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * The document of a JSON object; empty for what is none, and for one with field names that not
   * each version of MongoDB keeps ({@code ""}, dots, a leading dollar sign, NUL), half surrogates,
   * numbers beyond 34 digits that no double holds, or more than 90 levels.
   */
  static Optional<BsonDocument> object(byte[] bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      JsonParser parser = new JsonParser(text);
      parser.space();
      if (parser.peek() != '{') {
        return Optional.empty();
      }
      BsonValue value = parser.value();
      parser.space();
      return parser.at == text.length() ? Optional.of(value.asDocument()) : Optional.empty();
    } catch (CharacterCodingException | Unfit e) {
      return Optional.empty();
    }
  }

  private BsonValue value() throws Unfit {
    space();
    return switch (peek()) {
      case '{' -> document();
      case '[' -> array();
      case '"' -> new BsonString(string());
      case 't' -> word("true", BsonBoolean.TRUE);
      case 'f' -> word("false", BsonBoolean.FALSE);
      case 'n' -> word("null", BsonNull.VALUE);
      default -> number();
    };
  }

  private BsonDocument document() throws Unfit {
    enter();
    BsonDocument document = new BsonDocument();
    if (!ends('}')) {
      do {
        space();
        String name = name(string());
        space();
        expect(':');
        if (document.put(name, value()) != null) {
          throw new Unfit("a field twice");
        }
      } while (another('}'));
    }
    depth--;
    return document;
  }

  private static String name(String name) throws Unfit {
    if (name.isEmpty() || name.charAt(0) == '$' || name.indexOf('.') >= 0 || name.indexOf(0) >= 0) {
      throw new Unfit("a field name that MongoDB may refuse");
    }
    return name;
  }

  private BsonArray array() throws Unfit {
    enter();
    BsonArray array = new BsonArray();
    if (!ends(']')) {
      do {
        array.add(value());
      } while (another(']'));
    }
    depth--;
    return array;
  }

  private void enter() throws Unfit {
    at++;
    if (++depth > DEEPEST) {
      throw new Unfit("too deep");
    }
  }

  private boolean ends(char close) throws Unfit {
    space();
    if (peek() != close) {
      return false;
    }
    at++;
    return true;
  }

  private boolean another(char close) throws Unfit {
    if (ends(close)) {
      return false;
    }
    expect(',');
    return true;
  }

  private String string() throws Unfit {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        break;
      }
      if (c < ' ') {
        throw new Unfit("a control character");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    requireWhole(string);
    return string.toString();
  }

  private char escaped() throws Unfit {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new Unfit("an escape that is none");
    };
  }

  private char unicode() throws Unfit {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = next();
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new Unfit("an escape that is none");
      }
      code = 16 * code + digit;
    }
    return (char) code;
  }

  private static void requireWhole(CharSequence string) throws Unfit {
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < string.length()
          && Character.isLowSurrogate(string.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new Unfit("half a surrogate pair");
      }
    }
  }

  private BsonValue number() throws Unfit {
    int from = at;
    boolean whole = true;
    skip('-');
    if (!skip('0')) {
      digits();
    }
    if (skip('.')) {
      whole = false;
      digits();
    }
    if (skip('e') || skip('E')) {
      whole = false;
      if (!skip('-')) {
        skip('+');
      }
      digits();
    }
    String number = text.substring(from, at);
    return whole && number.length() < 19 ? whole(Long.parseLong(number)) : real(number);
  }

  private static BsonValue whole(long number) {
    return number == (int) number ? new BsonInt32((int) number) : new BsonInt64(number);
  }

  /** The type that writes the number as it stands here, or else the one that holds it best. */
  private static BsonValue real(String number) throws Unfit {
    double value = Double.parseDouble(number);
    if (Double.toString(value).equals(number)) {
      return new BsonDouble(value);
    }
    BigDecimal exact = new BigDecimal(number);
    if (exact.scale() == 0 && exact.unscaledValue().bitLength() < 64) {
      return new BsonInt64(exact.longValueExact());
    }
    try {
      return new BsonDecimal128(new Decimal128(exact));
    } catch (NumberFormatException e) {
      if (Double.isInfinite(value)) {
        throw new Unfit("a number too large");
      }
      return new BsonDouble(value);
    }
  }

  private void digits() throws Unfit {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from) {
      throw new Unfit("neither a value nor a number");
    }
  }

  private BsonValue word(String word, BsonValue value) throws Unfit {
    if (!text.startsWith(word, at)) {
      throw new Unfit("neither a value nor a number");
    }
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws Unfit {
    if (at == text.length()) {
      throw new Unfit("an end too early");
    }
    return text.charAt(at);
  }

  private char next() throws Unfit {
    char c = peek();
    at++;
    return c;
  }

  private boolean skip(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char c) throws Unfit {
    if (next() != c) {
      throw new Unfit("not " + c);
    }
  }
}
