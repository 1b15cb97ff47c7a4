package dev.pitstop.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClients;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/**
 * Opens {@code mongodb://HOST,HOST/DATABASE} and {@code mongodb+srv://HOST/DATABASE}. Thread-safe.
 *
 * <p>Besides the options of its own an address may carry those of MongoDB's connection strings,
 * without those that would let a store read from elsewhere than the primary or write to less than a
 * majority.
 */
public final class MongoStoreFactory implements StoreFactory {
  private static final Option<String> PREFIX =
      new Option<>(
          "collectionPrefix",
          "text",
          "",
          "Stands before the name of each queue in that of its collection.",
          MongoStoreFactory::prefix);
  private static final Option<Duration> TIMEOUT =
      Option.duration(
          "timeout",
          Duration.ofMillis(100),
          "10s",
          "After how long a call fails that the servers leave unanswered, retries included.");
  private static final Option<Duration> POLL =
      Option.duration(
          "wakePoll",
          Duration.ofMillis(10),
          "1s",
          "How often a queue that is listened to is asked for its next due time, where no change"
              + " stream tells what other processes store.");

  /** What connection strings may have besides, passed on as it is. */
  private static final List<String> OF_THE_DRIVER =
      List.of(
          "appName",
          "authMechanism",
          "authMechanismProperties",
          "authSource",
          "compressors",
          "connectTimeoutMS",
          "directConnection",
          "heartbeatFrequencyMS",
          "loadBalanced",
          "localThresholdMS",
          "maxConnecting",
          "maxIdleTimeMS",
          "maxLifeTimeMS",
          "maxPoolSize",
          "minPoolSize",
          "proxyHost",
          "proxyPassword",
          "proxyPort",
          "proxyUsername",
          "replicaSet",
          "retryReads",
          "retryWrites",
          "serverMonitoringMode",
          "srvMaxHosts",
          "srvServiceName",
          "ssl",
          "tls",
          "tlsAllowInvalidHostnames",
          "tlsInsecure",
          "zlibCompressionLevel");

  /** For {@code ServiceLoader}. */
  public MongoStoreFactory() {}

  @Override
  public Set<String> schemes() {
    return Set.of("mongodb", "mongodb+srv");
  }

  @Override
  public List<Option<?>> options() {
    List<Option<?>> options = new ArrayList<>(List.of(PREFIX, TIMEOUT, POLL));
    for (String name : OF_THE_DRIVER) {
      options.add(new Option<>(name, "text", "", "As in MongoDB's connection strings.", t -> t));
    }
    return options;
  }

  @Override
  public Store open(Address address) {
    ConnectionString connection = connection(address);
    String database = connection.getDatabase();
    if (database == null) {
      throw new InvalidFieldException(
          "address", "must name a database, as mongodb://localhost/pitstop", address);
    }
    Duration timeout = TIMEOUT.in(address.query());
    MongoStore.Settings settings = new MongoStore.Settings(timeout, POLL.in(address.query()));
    try {
      return MongoStore.open(
          MongoClients.create(settings(connection, timeout)),
          database,
          PREFIX.in(address.query()),
          settings);
    } catch (MongoException | IllegalArgumentException e) {
      throw new StoreUnavailableException(address + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private static MongoClientSettings settings(ConnectionString connection, Duration timeout) {
    return MongoClientSettings.builder()
        .applyConnectionString(connection)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .writeConcern(WriteConcern.MAJORITY)
        .readPreference(ReadPreference.primary())
        .readConcern(ReadConcern.DEFAULT)
        .build();
  }

  private static ConnectionString connection(Address address) {
    Map<String, String> query = address.query();
    StringJoiner options = new StringJoiner("&");
    for (String name : OF_THE_DRIVER) {
      String value = query.get(name);
      if (value != null) {
        options.add(
            name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
      }
    }
    String rest = address.rest();
    String path = rest.indexOf('/', 2) < 0 ? rest + "/" : rest;
    try {
      return new ConnectionString(address.scheme() + ":" + path + "?" + options);
    } catch (IllegalArgumentException e) {
      // the driver's own text may quote what stands where a password is
      throw new InvalidFieldException(
          "address",
          "must be a MongoDB connection string, as mongodb://localhost/pitstop",
          address);
    }
  }

  private static String prefix(String text) {
    if (!text.matches("[A-Za-z0-9._-]{0,64}")) {
      throw new InvalidFieldException(
          "collectionPrefix", "must be at most 64 of A-Z a-z 0-9 . _ -", text);
    }
    return text;
  }
}
