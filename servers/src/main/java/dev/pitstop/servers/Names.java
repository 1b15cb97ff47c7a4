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

  /** The address of a database of a private server. */
  static String address(String scheme, int port, String database) {
    return scheme + "://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port + "/" + check(database);
  }

  /** Its JDBC address. */
  static String jdbcUrl(String scheme, int port, String database) {
    String url = "jdbc:" + scheme + "://127.0.0.1:" + port + "/" + check(database);
    return url + "?user=" + USER + "&password=" + PASSWORD;
  }
}
