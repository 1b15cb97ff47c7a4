package dev.pitstop.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCollection;
import dev.pitstop.spi.Burials;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.ServerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases what is due. Thread-safe. */
final class Leasing {
  /*
   * A batch takes four steps, however many messages it has: which are due (ids only, in the order of the
   * index), a token (see Queues), one guarded update of those that are still due, and reading back what it
   * won. Who finds the head contested takes from a random place near it the next times, as many
   * batches deep as the trouble is great; who is alone takes from the head, in order.
   *
   * If the answer to the update is lost, the messages may be leased without anyone knowing. Their lease's
   * id is kept, and the next call asks for them first.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Leasing.class);
  private static final int DEEPEST = 7;
  private static final int LOST_ANSWERS = 100;
  private static final int CONTESTED_BATCHES = 4;

  private static final BsonDocument ORDER = Filters.only(Fields.DUE, Fields.SEQ);
  private static final BsonDocument CANDIDATE =
      Filters.only(Fields.ID, Fields.DUE, Fields.SEQ, Fields.TOKEN, Fields.ATTEMPTS);
  private static final Comparator<BsonDocument> BY_PLACE =
      Comparator.<BsonDocument>comparingLong(d -> d.getDateTime(Fields.READY).getValue())
          .thenComparingLong(Documents::seq);

  private final Database database;
  private final Queues queues;
  private final ServerClock clock;
  private final Sequence sequence;
  private final ConcurrentMap<String, Head> heads = new ConcurrentHashMap<>();

  Leasing(Database database, Queues queues, ServerClock clock, Sequence sequence) {
    this.database = database;
    this.queues = queues;
    this.clock = clock;
    this.sequence = sequence;
  }

  /** What this process knows of the head of a queue. */
  private static final class Head {
    final Queue<Batch> lostAnswers = new ConcurrentLinkedQueue<>();

    /** How many batches deep it is worth looking; a guess, so that no update of it matters. */
    volatile int depth;

    void noteWon(int won, int of) {
      int change = won == of ? -1 : won < of / 2 ? 2 : 1;
      depth = Math.max(0, Math.min(DEEPEST, depth + change));
    }
  }

  /** Messages that one update was to lease. */
  private record Batch(List<String> ids, BsonString lease) {}

  /**
   * What was leased.
   *
   * @param sound what can be emitted, soonest due first
   * @param burials of the rest, which cannot be read
   */
  record Leased(List<Entry> sound, Burials burials) {}

  Leased lease(String queue, int limit, Duration leaseTime) {
    Head head = heads.computeIfAbsent(queue, name -> new Head());
    MongoCollection<BsonDocument> messages = database.queue(queue);
    Map<String, BsonDocument> leased = new LinkedHashMap<>();
    Batch lost = head.lostAnswers.poll();
    if (lost != null && limit > 0) {
      readAgain(messages, head, lost, limit, leased);
    }
    int contested = 0;
    long until = 0; // the same for all that one call takes, as long as nobody interferes
    while (leased.size() < limit && contested < CONTESTED_BATCHES) {
      int wanted = Math.min(limit - leased.size(), Rounds.LARGEST);
      List<BsonDocument> candidates = candidates(queue, messages, wanted, head.depth);
      if (candidates.isEmpty()) {
        break;
      }
      until = until == 0 ? Lease.end(clock.millis(), leaseTime) : until;
      List<BsonDocument> won = take(queue, messages, head, candidates, until);
      won.forEach(message -> leased.put(Documents.id(message), message));
      head.noteWon(won.size(), candidates.size());
      if (won.size() < candidates.size()) {
        contested++;
        until = 0;
      } else if (candidates.size() < wanted) {
        break;
      }
    }
    return inOrder(queue, leased.values());
  }

  private static Leased inOrder(String queue, Collection<BsonDocument> leased) {
    List<Entry> sound = new ArrayList<>(leased.size());
    Burials burials = new Burials();
    for (BsonDocument message : leased.stream().sorted(BY_PLACE).toList()) {
      // read as of long ago: a short lease may be over already
      Entry entry = Documents.entry(queue, message, Instant.EPOCH);
      String damage = Damage.of(message);
      if (damage == null) {
        sound.add(entry);
      } else {
        burials.add(entry, damage);
      }
    }
    return new Leased(sound, burials);
  }

  /** Ids of what is due, with what the update is guarded by. */
  private List<BsonDocument> candidates(
      String queue, MongoCollection<BsonDocument> messages, int wanted, int depth) {
    int read = wanted * (1 + depth);
    List<BsonDocument> due =
        messages
            .find(Filters.message(Filters.due(clock.millis())))
            .sort(ORDER)
            .limit(read)
            .projection(CANDIDATE)
            .batchSize(read)
            .into(new ArrayList<>());
    due.removeIf(candidate -> isBuried(queue, messages, candidate));
    if (due.size() <= wanted) {
      return due;
    }
    int from = ThreadLocalRandom.current().nextInt(due.size() - wanted + 1);
    return due.subList(from, from + wanted);
  }

  /**
   * Buries what could not even be leased, so that the update of a batch is refused for none of it.
   *
   * @return whether it was damaged, and is no candidate
   */
  private boolean isBuried(
      String queue, MongoCollection<BsonDocument> messages, BsonDocument candidate) {
    String damage = Damage.ofNumbers(candidate);
    if (damage == null) {
      return false;
    }
    LOG.warn("message {} of {} is buried: {}", Documents.id(candidate), queue, damage);
    BsonDocument set =
        new BsonDocument(Fields.BURIED, new BsonInt64(sequence.next()))
            .append(Fields.SEQ, new BsonInt64(sequence.next()))
            .append(Fields.TOKEN, new BsonInt64(queues.token(queue, Documents.token(candidate))))
            .append(Fields.ATTEMPTS, new BsonInt32(0))
            .append(Fields.LAST_ERROR, new BsonString(damage));
    BsonDocument unset = Filters.only(Fields.DUE, Fields.LOCKED, Fields.LOCKED_BY);
    messages.updateOne(candidate, new BsonDocument("$set", set).append("$unset", unset));
    return true;
  }

  private List<BsonDocument> take(
      String queue,
      MongoCollection<BsonDocument> messages,
      Head head,
      List<BsonDocument> candidates,
      long until) {
    long seen = candidates.stream().mapToLong(Documents::token).max().orElse(0);
    long token = queues.token(queue, seen);
    List<String> ids = candidates.stream().map(Documents::id).toList();
    Batch batch = new Batch(ids, new BsonString(UUID.randomUUID().toString()));
    List<BsonInt64> seqs =
        candidates.stream().map(candidate -> new BsonInt64(Documents.seq(candidate))).toList();
    BsonDocument guard = Filters.stillDue(ids, seqs, token);
    BsonDocument set =
        new BsonDocument(Fields.DUE, Documents.date(until))
            .append(Fields.LOCKED, Documents.date(until))
            .append(Fields.LOCKED_BY, batch.lease())
            .append(Fields.TOKEN, new BsonInt64(token));
    BsonDocument update =
        new BsonDocument("$set", set)
            .append("$inc", new BsonDocument(Fields.ATTEMPTS, new BsonInt32(1)));
    try {
      long won = messages.updateMany(guard, update).getMatchedCount();
      return won == 0 ? List.of() : readBack(messages, batch);
    } catch (MongoException e) {
      if (head.lostAnswers.size() < LOST_ANSWERS) {
        head.lostAnswers.add(batch);
      }
      throw e;
    }
  }

  private static List<BsonDocument> readBack(MongoCollection<BsonDocument> messages, Batch batch) {
    return messages
        .find(Filters.ids(batch.ids()).append(Fields.LOCKED_BY, batch.lease()))
        .into(new ArrayList<>());
  }

  /**
   * Asks what an update leased whose answer was lost; those whose lease is over come by themselves.
   */
  private void readAgain(
      MongoCollection<BsonDocument> messages,
      Head head,
      Batch lost,
      int limit,
      Map<String, BsonDocument> leased) {
    List<BsonDocument> found;
    try {
      found = readBack(messages, lost);
    } catch (MongoException e) {
      head.lostAnswers.add(lost);
      throw e;
    }
    long now = clock.millis();
    found.removeIf(message -> message.getDateTime(Fields.LOCKED).getValue() <= now);
    List<BsonDocument> some = found.subList(0, Math.min(limit, found.size()));
    some.forEach(message -> leased.put(Documents.id(message), message));
    if (some.size() < found.size()) {
      List<BsonDocument> rest = found.subList(some.size(), found.size());
      head.lostAnswers.add(new Batch(rest.stream().map(Documents::id).toList(), lost.lease()));
    }
  }
}
