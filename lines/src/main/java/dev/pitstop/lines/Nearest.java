package dev.pitstop.lines;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which known word someone may have meant. */
public final class Nearest {
  private Nearest() {}

  /** {@code , did you mean in?}, or the known words when none is near. */
  public static String hint(String word, List<String> known) {
    String nearest =
        known.stream().min(Comparator.comparingInt(name -> distance(word, name))).orElseThrow();
    return distance(word, nearest) <= Math.max(1, nearest.length() / 2)
        ? ", did you mean " + nearest + "?"
        : "; known are " + String.join(", ", known);
  }

  /** How many characters must be put in, left out or changed to make one word of the other. */
  private static int distance(String from, String to) {
    String a = from.substring(0, Math.min(from.length(), 64)).toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
