package dev.pitstop.sql;

import org.jspecify.annotations.Nullable;

/** Texts in columns: all but the NUL character can be kept in each database, so it is escaped. */
final class Escapes {
  private static final char ESCAPE = '\u001A';

  private Escapes() {}

  static @Nullable String escape(@Nullable String text) {
    if (text == null || (text.indexOf(0) < 0 && text.indexOf(ESCAPE) < 0)) {
      return text;
    }
    return text.replace("\u001A", "\u001A\u001A").replace("\u0000", "\u001A0");
  }

  static @Nullable String unescape(@Nullable String text) {
    if (text == null || text.indexOf(ESCAPE) < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ESCAPE && i + 1 < text.length()) {
        i++;
        c = text.charAt(i) == '0' ? 0 : text.charAt(i);
      }
      plain.append(c);
    }
    return plain.toString();
  }
}
