package dev.pitstop.rocksdb;

import dev.pitstop.InvalidFieldException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of a list ended: the text that the next begins with.
 *
 * @param buried whether all that waits or is leased was listed
 * @param place of the last one listed; its number is that of a burial when {@code buried}
 */
record ListPlace(boolean buried, Place place) {
  /** Where the first page begins. */
  static final ListPlace FIRST = new ListPlace(false, Place.FIRST);

  private static final Pattern TEXT = Pattern.compile("(due|buried)\\.(-?\\d{1,19})\\.(\\d{1,19})");

  static ListPlace buried(long burial) {
    return new ListPlace(true, new Place(0, burial));
  }

  /** The place that a text stands for. */
  static ListPlace parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (parts.matches()) {
      try {
        Place place = new Place(Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3)));
        return new ListPlace(parts.group(1).equals("buried"), place);
      } catch (NumberFormatException e) {
        throw new InvalidFieldException("from", "must be the next of an earlier page", text, e);
      }
    }
    throw new InvalidFieldException("from", "must be the next of an earlier page", text);
  }

  @Override
  public String toString() {
    return (buried ? "buried." : "due.") + place.due() + "." + place.number();
  }
}
