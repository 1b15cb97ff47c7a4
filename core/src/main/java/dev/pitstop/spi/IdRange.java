package dev.pitstop.spi;

import dev.pitstop.InvalidFieldException;
import java.util.Optional;

/**
 * Between which texts the ids lie that begin with a prefix, in the order of their UTF-8 bytes:
 * {@link Store#search} for stores to build on that keep ids in that order. Immutable.
 *
 * @param first the least that can be among them
 * @param after only what is greater than this comes, the last id of the page before; empty for the
 *     first page
 * @param end what is less than this is among them; empty where nothing comes behind them
 */
public record IdRange(String first, String after, Optional<String> end) {
  private static final String CURSOR = "id_";

  /**
   * The range of the ids that begin with a prefix.
   *
   * @param prefix where it ends in the first half of a surrogate pair, ids with any second half
   *     begin so
   * @param from {@link #cursor} of the last id of the page before; empty for the first
   * @return empty when no id can begin so
   * @throws InvalidFieldException when {@code from} is no cursor of such a page
   */
  public static Optional<IdRange> of(String prefix, Optional<String> from) {
    String after = from.map(text -> after(prefix, text)).orElse("");
    int half = prefix.length() - 1;
    if (half >= 0 && Character.isHighSurrogate(prefix.charAt(half))) {
      String whole = prefix.substring(0, half);
      char high = prefix.charAt(half);
      return range(
          whole + high + Character.MIN_LOW_SURROGATE,
          after,
          whole + high + Character.MAX_LOW_SURROGATE);
    }
    return range(prefix, after, prefix);
  }

  /** From what begins with one text to what begins with another. */
  private static Optional<IdRange> range(String first, String after, String last) {
    return canBeginAnId(first)
        ? Optional.of(new IdRange(first, after, behind(last)))
        : Optional.empty();
  }

  /** What stands for the next page when an id was the last of a page. */
  public static String cursor(String id) {
    return CURSOR + id;
  }

  private static String after(String prefix, String from) {
    if (from.startsWith(CURSOR + prefix)) {
      String id = from.substring(CURSOR.length());
      if (!id.isEmpty() && canBeginAnId(id)) {
        return id;
      }
    }
    throw new InvalidFieldException("from", "must be the next of an earlier page", from);
  }

  /** Ids have no control characters and no halves of surrogate pairs. */
  private static boolean canBeginAnId(String text) {
    return text.codePoints()
        .noneMatch(
            c ->
                Character.isISOControl(c)
                    || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  /** The least text behind all that begin with one; code points and UTF-8 have the same order. */
  private static Optional<String> behind(String prefix) {
    int[] points = prefix.codePoints().toArray();
    for (int last = points.length - 1; last >= 0; last--) {
      if (points[last] < Character.MAX_CODE_POINT) {
        int next = points[last] + 1;
        points[last] = next == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : next;
        return Optional.of(new String(points, 0, last + 1));
      }
    }
    return Optional.empty();
  }
}
