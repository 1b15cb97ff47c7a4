package dev.pitstop.sql;

import dev.pitstop.InvalidFieldException;
import java.util.regex.Pattern;

/**
 * How a store's tables are named: a prefix that stands before {@code _message} and the others,
 * behind the name of a schema or not.
 */
record Tables(String prefix) {
  /** What stands for the prefix in statements and schema files. */
  static final String DEFAULT = "pitstop";

  /** Short enough that the longest name of an index made from it is one in each database. */
  private static final Pattern NAME =
      Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,30}");

  private static final Pattern TABLE =
      Pattern.compile("\\bpitstop_(?=message|count|number|pause|version)");

  Tables {
    if (!NAME.matcher(prefix).matches()) {
      throw new InvalidFieldException(
          "table",
          "must be at most 31 of A-Z a-z 0-9 _, not beginning with a digit,"
              + " behind the name of a schema and a dot or not",
          prefix);
    }
  }

  /** A statement with these names in place of the default ones. */
  String in(String statement) {
    return TABLE.matcher(statement).replaceAll(prefix + "_");
  }

  /** The prefix as a plain word, the same for all who name these tables alike. */
  String word() {
    return prefix.replace('.', '_');
  }
}
