package dev.pitstop.lines;

/** Texts of others as a terminal may show them. */
public final class Texts {
  private Texts() {}

  /** A text with control characters written out, cut to 200 characters. */
  public static String shown(String text) {
    return shown(text, 200);
  }

  /** A text with control characters written out, cut to a length. */
  public static String shown(String text, int length) {
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
