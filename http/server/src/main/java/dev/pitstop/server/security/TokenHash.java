package dev.pitstop.server.security;

import dev.pitstop.InvalidFieldException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a token: enough to know it again, too little to have it. Immutable.
 *
 * <p>A token has 256 random bits, so that no slow hash is needed: nobody tries them all.
 */
public final class TokenHash {
  private static final Pattern FORM =
      Pattern.compile("sha256:([A-Za-z0-9_-]{8}):([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{43})");

  private final String id;
  private final byte[] salt;
  private final byte[] digest;

  private TokenHash(String id, byte[] salt, byte[] digest) {
    this.id = id;
    this.salt = salt.clone();
    this.digest = digest.clone();
  }

  /**
   * The hash that a text stands for, as {@code pitstop token} prints it.
   *
   * @throws InvalidFieldException when it is none
   */
  public static TokenHash parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new InvalidFieldException(
          "hash", "must be a token's hash as pitstop token prints it", "another text");
    }
    return new TokenHash(form.group(1), decode(form.group(2)), decode(form.group(3)));
  }

  /** The hash of a token with a salt of 16 bytes. */
  static TokenHash of(Token token, byte[] salt) {
    return new TokenHash(token.id(), salt, digest(token, salt));
  }

  /** The part of the token that says which it is; no secret. */
  String id() {
    return id;
  }

  /** Whether it is the hash of a token; takes as long for a wrong one as for the right one. */
  boolean matches(Token token) {
    return MessageDigest.isEqual(digest, digest(token, salt));
  }

  /** The text that {@link #parse} takes. */
  public String text() {
    return "sha256:" + id + ":" + Token.encode(salt) + ":" + Token.encode(digest);
  }

  /** Which token it is of, and nothing more. */
  @Override
  public String toString() {
    return "hash of token " + id;
  }

  private static byte[] digest(Token token, byte[] salt) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return sha256.digest(token.text().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
