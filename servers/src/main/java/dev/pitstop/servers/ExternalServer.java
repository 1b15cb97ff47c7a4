package dev.pitstop.servers;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A server of the caller's, by the address in an environment variable. Immutable.
 *
 * @param variable its name, for messages
 */
record ExternalServer(String variable, URI uri, String user, String password) {
  /**
   * Reads an address.
   *
   * @throws IllegalStateException if it is none; the message does not have it, since it may have a
   *     password
   */
  @SuppressWarnings("UnusedException") // its message has the address
  static ExternalServer parse(String variable, String address) {
    try {
      URI uri = new URI(address);
      String login = uri.getRawUserInfo();
      if (uri.getHost() != null && login != null && uri.getRawPath().length() > 1) {
        String[] parts = login.split(":", 2);
        return new ExternalServer(
            variable, uri, decode(parts[0]), parts.length < 2 ? "" : decode(parts[1]));
      }
    } catch (URISyntaxException e) {
      throw malformed(variable);
    }
    throw malformed(variable);
  }

  private static IllegalStateException malformed(String variable) {
    return new IllegalStateException(
        variable + " must be an address like kind://user:password@host:port/database");
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Makes a PostgreSQL database; its address. */
  String createPostgres(String name) {
    try {
      psql().run(database(), "create database \"" + name + "\"");
    } catch (IllegalStateException e) {
      throw refused("alter role \"" + user + "\" createdb", e);
    }
    return address(name);
  }

  /** Makes a MariaDB or MySQL database; its address. */
  String createMariaDb(String name) {
    try {
      mariaDb().run("create database `" + name + "`");
    } catch (IllegalStateException e) {
      throw refused("grant all on `pitstop\\_test\\_%`.* to '" + user + "'", e);
    }
    return address(name);
  }

  /** A client of it if it is a PostgreSQL. */
  Psql psql() {
    return new Psql(uri.getHost(), portOr(5432), user, password);
  }

  /** A client of it if it is a MariaDB or MySQL. */
  MariaDbClient mariaDb() {
    return MariaDbClient.at(uri.getHost(), portOr(3306), user, password);
  }

  /** The database in its address. */
  String database() {
    return uri.getPath().substring(1);
  }

  private int portOr(int usual) {
    return uri.getPort() < 0 ? usual : uri.getPort();
  }

  private IllegalStateException refused(String cure, IllegalStateException e) {
    return new IllegalStateException(
        "no database could be made on the server of "
            + variable
            + "; if its user may not, allow it: "
            + cure,
        e);
  }

  /** Its address with another database in it. */
  private String address(String database) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return uri.getScheme() + "://" + uri.getRawAuthority() + "/" + database + query;
  }
}
