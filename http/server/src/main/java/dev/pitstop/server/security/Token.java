package dev.pitstop.server.security;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a caller shows to be known: 256 random bits behind a few that say which it is. Immutable.
 */
public final class Token {
  private static final Pattern FORM = Pattern.compile("pst_[A-Za-z0-9_-]{51}");
  private static final int ID_AT = "pst_".length();
  private static final int ID_LENGTH = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private Token(String text) {
    this.text = text;
  }

  /** A new one. */
  public static Token random() {
    return new Token("pst_" + encode(bytes(6)) + encode(bytes(32)));
  }

  /** The token that a text is; empty when it is none. */
  static Optional<Token> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Token(text)) : Optional.empty();
  }

  /** The secret itself. */
  public String text() {
    return text;
  }

  /** Which it is; no secret. */
  String id() {
    return text.substring(ID_AT, ID_AT + ID_LENGTH);
  }

  /** What to keep of it, with a salt of its own. */
  public TokenHash hash() {
    return TokenHash.of(this, bytes(16));
  }

  /** Which it is, and nothing more. */
  @Override
  public String toString() {
    return "token " + id();
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
