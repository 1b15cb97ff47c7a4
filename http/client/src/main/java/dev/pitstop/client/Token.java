package dev.pitstop.client;

import dev.pitstop.InvalidFieldException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a server knows its caller by. Shows itself nowhere but in {@link #text}. Immutable. */
final class Token {
  private static final Pattern FORM = Pattern.compile("[!-~]{1,1000}");

  private final String text;

  private Token(String text) {
    this.text = text;
  }

  /**
   * The token that a text is.
   *
   * @param field where it comes from, named in the error
   */
  static Token of(String field, String text) {
    if (!FORM.matcher(text).matches()) {
      throw new InvalidFieldException(
          field, "must be 1 to 1000 visible ASCII characters", text.length() + " characters");
    }
    return new Token(text);
  }

  /** The token in a file, which may end with a line feed. */
  static Token inFile(String file) {
    try {
      return of("tokenFile", Files.readString(Path.of(file), StandardCharsets.UTF_8).strip());
    } catch (IOException | InvalidPathException e) {
      throw new InvalidFieldException("tokenFile", "must be a file that can be read", file, e);
    }
  }

  /** The secret itself. */
  String text() {
    return text;
  }

  @Override
  public String toString() {
    return "a token";
  }
}
