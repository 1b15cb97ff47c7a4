package dev.pitstop.servers;

import java.util.regex.Pattern;

/** What servers of all kinds call their user and their databases. */
final class Names {
  static final String USER = "pitstop";
  static final String PASSWORD = "secret";
  private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_-]{1,60}");

  private Names() {}

  /**
   * A database's name, which needs no escaping in an address.
   *
   * @throws IllegalArgumentException if it might
   */
  static String check(String database) {
    if (!DATABASE.matcher(database).matches()) {
      throw new IllegalArgumentException(
          "database must be 1 to 60 of the characters a-z, A-Z, 0-9, _ and -, was '"
              + database
              + "'");
    }
    return database;
  }
}
