package dev.pitstop.cli;

/** Texts of others as a terminal may show them. */
final class Texts {
  private Texts() {}

  /** A text with control characters written out, cut to 200 characters. */
  static String shown(String text) {
    return shown(text, 200);
  }

  /** A text with control characters written out, cut to a length. */
  static String shown(String text, int length) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(length)
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return text.codePointCount(0, text.length()) > length ? shown + "..." : shown.toString();
  }
}
