package dev.pitstop.sql;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a driver is given for the address of a store.
 *
 * @param url without user, password and options
 * @param name of the database, for errors: without secrets
 * @param session how connections of the store's own begin
 */
record JdbcAddress(String url, Properties properties, String name, Session session) {
  private static final Pattern REST =
      Pattern.compile(
          "//(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^@/]*)/(?<db>[^/]+)");

  /**
   * How connections of the store's own begin.
   *
   * @param autoCommit whether what a statement does is committed with it
   * @param first the first statement on each; null for none
   */
  record Session(boolean autoCommit, @Nullable String first) {}

  /** Which driver, and which of its own options an address may carry. */
  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of and Map.of
  private enum Database {
    POSTGRESQL(
        "postgresql",
        "org.postgresql.Driver",
        "org.postgresql:postgresql",
        Set.of(
            "ApplicationName",
            "channelBinding",
            "connectTimeout",
            "currentSchema",
            "gssEncMode",
            "hostRecheckSeconds",
            "jaasApplicationName",
            "kerberosServerName",
            "loadBalanceHosts",
            "prepareThreshold",
            "sslcert",
            "sslfactory",
            "sslkey",
            "sslmode",
            "sslpassword",
            "sslrootcert",
            "targetServerType"),
        Map.of("ApplicationName", "pitstop", "tcpKeepAlive", "true", "connectTimeout", "5"),
        new Session(true, null)),
    MARIADB(
        "mariadb",
        "org.mariadb.jdbc.Driver",
        "org.mariadb.jdbc:mariadb-java-client",
        Set.of(
            "connectTimeout",
            "keyStore",
            "keyStorePassword",
            "keyStoreType",
            "serverSslCert",
            "sslMode",
            "trustStore",
            "trustStorePassword",
            "trustStoreType"),
        Map.of("connectTimeout", "5000", "tcpKeepAlive", "true"),
        new Session(false, MySql.Kind.MARIADB.isolate())),
    MYSQL(
        "mysql",
        "com.mysql.cj.jdbc.Driver",
        "com.mysql:mysql-connector-j",
        Set.of(
            "allowPublicKeyRetrieval",
            "clientCertificateKeyStorePassword",
            "clientCertificateKeyStoreUrl",
            "connectTimeout",
            "sslMode",
            "trustCertificateKeyStorePassword",
            "trustCertificateKeyStoreUrl"),
        Map.of("connectTimeout", "5000", "tcpKeepAlive", "true"),
        new Session(false, MySql.Kind.MYSQL.isolate()));

    final String scheme;
    final String driver;
    final String artifact;
    final Set<String> options;
    final Map<String, String> defaults;
    final Session session;

    Database(
        String scheme,
        String driver,
        String artifact,
        Set<String> options,
        Map<String, String> defaults,
        Session session) {
      this.scheme = scheme;
      this.driver = driver;
      this.artifact = artifact;
      this.options = options;
      this.defaults = defaults;
      this.session = session;
    }
  }

  /** The options of all drivers that an address may carry. */
  static List<String> driverOptions() {
    Set<String> all = new TreeSet<>();
    for (Database database : Database.values()) {
      all.addAll(database.options);
    }
    return List.copyOf(all);
  }

  /**
   * Reads an address.
   *
   * @throws InvalidFieldException when it is not one of a database that is known here
   */
  static JdbcAddress of(Address address) {
    Database database = database(address);
    String rest = address.rest();
    Matcher parts = REST.matcher(rest.substring(rest.indexOf("//") < 0 ? 0 : rest.indexOf("//")));
    if (!parts.matches()) {
      throw new InvalidFieldException(
          "address",
          "must name a host and a database, as " + database.scheme + "://localhost/pitstop",
          address);
    }
    if (!isPresent(database.driver)) {
      throw new StoreUnavailableException(
          address + " needs the driver " + database.artifact + " on the class path");
    }
    Map<String, String> properties = new LinkedHashMap<>(database.defaults);
    put(properties, "user", parts.group("user"), SqlStoreFactory.USER.in(address.query()));
    put(
        properties,
        "password",
        parts.group("password"),
        SqlStoreFactory.PASSWORD.in(address.query()));
    for (String option : driverOptions()) {
      String value = address.query().get(option);
      if (value != null && !database.options.contains(option)) {
        throw new InvalidFieldException(
            option, "is no option of " + database.scheme + " addresses", value);
      } else if (value != null) {
        properties.put(option, value);
      }
    }
    String hosts = parts.group("hosts");
    if (database == Database.POSTGRESQL && hosts.contains(",")) {
      properties.putIfAbsent("targetServerType", "primary");
    }
    Properties all = new Properties();
    properties.forEach(all::setProperty);
    String where = database.scheme + "://" + hosts + "/" + parts.group("db");
    return new JdbcAddress("jdbc:" + where, all, where, database.session);
  }

  private static Database database(Address address) {
    String text = address.scheme() + ":" + address.rest();
    for (Database database : Database.values()) {
      if (text.startsWith(database.scheme + ":")
          || text.startsWith("jdbc:" + database.scheme + ":")) {
        return database;
      }
    }
    throw new InvalidFieldException(
        "address", "must be one of postgresql, mariadb or mysql behind jdbc:", address);
  }

  private static void put(Map<String, String> properties, String name, String coded, String plain) {
    if (coded != null) {
      properties.put(name, URLDecoder.decode(coded.replace("+", "%2B"), StandardCharsets.UTF_8));
    } else if (!plain.isEmpty()) {
      properties.put(name, plain);
    }
  }

  private static boolean isPresent(String driver) {
    try {
      Class.forName(driver);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  Connections pool(int size, Duration timeout) {
    return new Pool(this, size, timeout);
  }
}
