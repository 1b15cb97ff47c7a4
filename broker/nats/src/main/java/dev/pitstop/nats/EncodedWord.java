package dev.pitstop.nats;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of headers that are no plain ASCII, as RFC 2047 writes them: {@code =?UTF-8?B?…?=} with
 * the text in Base64. The client of NATS refuses to send others, and cannot read them.
 */
final class EncodedWord {
  private static final Pattern WORD = Pattern.compile("(?i)=\\?utf-8\\?b\\?([A-Za-z0-9+/]*=*)\\?=");
  private static final Pattern PLAIN = Pattern.compile("([!-~]([ -~]*[!-~])?)?");

  private EncodedWord() {}

  /** A value as it is sent: itself where it can be, and where it would not be read as a word. */
  static String encode(String value) {
    if (PLAIN.matcher(value).matches() && !WORD.matcher(value).matches()) {
      return value;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(bytes) + "?=";
  }

  /** The value that was sent. */
  static String decode(String sent) {
    Matcher word = WORD.matcher(sent);
    if (!word.matches()) {
      return sent;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(word.group(1));
      String text = new String(bytes, StandardCharsets.UTF_8);
      return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes) ? text : sent;
    } catch (IllegalArgumentException e) {
      return sent; // it only looks like one
    }
  }
}
