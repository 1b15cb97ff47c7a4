package dev.pitstop.mongodb;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.connection.ClusterDescription;
import com.mongodb.connection.ClusterType;
import dev.pitstop.StoreUnavailableException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bson.BsonDocument;

/**
 * The database, and the rule that what its driver throws leaves the store as its own. Thread-safe.
 */
final class Database implements AutoCloseable {
  private final MongoClient client;
  private final String name;
  private final String prefix;
  private volatile boolean closed;

  /**
   * A database of a client, which is closed with it.
   *
   * @param prefix of all collections
   */
  Database(MongoClient client, String name, String prefix) {
    this.client = client;
    this.name = name;
    this.prefix = prefix;
  }

  /** The collection of a queue; its writes are acknowledged by a majority. */
  MongoCollection<BsonDocument> queue(String queue) {
    return collection(collectionName(queue));
  }

  /** The collection that names the queues. A queue cannot have that name. */
  MongoCollection<BsonDocument> queues() {
    return collection(prefix + "pitstop:queues");
  }

  /** The collection that names the paused queues. A queue cannot have that name. */
  MongoCollection<BsonDocument> paused() {
    return collection(prefix + "pitstop:paused");
  }

  /** What MongoDB does not take as a collection's name gets a sign before it that no queue has. */
  String collectionName(String queue) {
    String plain = prefix + queue;
    return plain.startsWith(".") || plain.startsWith("system.") ? "~" + plain : plain;
  }

  /** The queue that a collection is of, if a queue could have it. */
  Optional<String> queueOf(String collection) {
    String plain = collection.startsWith("~") ? collection.substring(1) : collection;
    String queue = plain.startsWith(prefix) ? plain.substring(prefix.length()) : "";
    return queue.matches("[A-Za-z0-9._-]{1,128}") && collectionName(queue).equals(collection)
        ? Optional.of(queue)
        : Optional.empty();
  }

  /** The collection of a queue for use in a transaction, which has its own write concern. */
  MongoCollection<BsonDocument> queueInTransaction(String queue) {
    return queue(queue).withWriteConcern(WriteConcern.ACKNOWLEDGED);
  }

  /** Whether the servers are of a kind that has change streams; a single one has none. */
  boolean isReplicated() {
    ClusterType type = client.getClusterDescription().getType();
    return type == ClusterType.REPLICA_SET
        || type == ClusterType.SHARDED
        || type == ClusterType.LOAD_BALANCED;
  }

  MongoClient client() {
    return client;
  }

  MongoDatabase plain() {
    return client.getDatabase(name);
  }

  private MongoCollection<BsonDocument> collection(String collection) {
    return plain()
        .getCollection(collection, BsonDocument.class)
        .withWriteConcern(WriteConcern.MAJORITY);
  }

  boolean isClosed() {
    return closed;
  }

  /** Runs a call of the driver. */
  <T> T call(Supplier<T> call) {
    if (closed) {
      throw closedFailure();
    }
    try {
      return call.get();
    } catch (MongoException e) {
      throw closed ? closedFailure() : unavailable(e);
    } catch (IllegalStateException e) {
      if (closed) {
        throw closedFailure(); // the driver's, when it is closed while a call is under way
      }
      throw e;
    }
  }

  /** The failure that says which servers did not do what was asked. */
  StoreUnavailableException unavailable(MongoException e) {
    return new StoreUnavailableException(
        "MongoDB at " + hosts() + ", database " + name + ": " + e.getMessage(), e);
  }

  private StoreUnavailableException closedFailure() {
    return new StoreUnavailableException("the store in the database " + name + " is closed");
  }

  private String hosts() {
    ClusterDescription cluster = client.getClusterDescription();
    return cluster.getServerDescriptions().stream()
        .map(server -> server.getAddress().toString())
        .sorted()
        .collect(Collectors.joining(","));
  }

  @Override
  public void close() {
    closed = true;
    client.close();
  }
}
