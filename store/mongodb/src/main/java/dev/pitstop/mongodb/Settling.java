package dev.pitstop.mongodb;

import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.ServerClock;
import dev.pitstop.spi.Settlement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** Settles leases, each fenced by its token and each with its own answer. Thread-safe. */
final class Settling {
  /*
   * Every operation is filtered by id and token, and by the lease's not being settled. When a bulk write
   * matched as many as it was sent, all took effect. Otherwise those are found by what each has written:
   * the call's own id. A message can have lost that again by then only when it was leased and settled, or
   * replaced or removed, within that moment; if so it cannot be told, and the call fails and says that.
   */
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

  private final Database database;
  private final ServerClock clock;
  private final Sequence sequence;
  private final Removing removing;

  Settling(Database database, ServerClock clock, Sequence sequence, Removing removing) {
    this.database = database;
    this.clock = clock;
    this.sequence = sequence;
    this.removing = removing;
  }

  List<Boolean> settle(List<Settlement> settlements) {
    Boolean[] results = new Boolean[settlements.size()];
    Arrays.fill(results, false);
    for (Rounds.Round round : Rounds.of(settlements, Settlement::key)) {
      List<Integer> deletes = new ArrayList<>();
      List<Integer> updates = new ArrayList<>();
      for (int place : round.places()) {
        Settlement settlement = settlements.get(place);
        if (settlement.token() > 0) { // 0 is on what was never leased
          (settlement instanceof Settlement.Delete ? deletes : updates).add(place);
        }
      }
      MongoCollection<BsonDocument> messages = database.queue(round.queue());
      if (!deletes.isEmpty()) {
        answer(results, deletes, removing.remove(messages, filters(settlements, deletes)));
      }
      if (!updates.isEmpty()) {
        answer(results, updates, update(messages, settlements, updates));
      }
    }
    return List.of(results);
  }

  /**
   * Settles one lease in a transaction of the application.
   *
   * @throws com.mongodb.MongoException as the driver does, whose labels tell what to repeat
   */
  boolean settle(ClientSession session, Settlement settlement) {
    String queue = settlement.key().queue();
    MongoCollection<BsonDocument> messages = database.queueInTransaction(queue);
    BsonDocument held = filter(settlement);
    if (settlement instanceof Settlement.Delete) {
      return messages.deleteOne(session, held).getDeletedCount() == 1;
    }
    BsonString call = new BsonString(UUID.randomUUID().toString());
    return messages.updateOne(session, held, change(settlement, call)).getMatchedCount() == 1;
  }

  private static void answer(Boolean[] results, List<Integer> places, List<Boolean> answers) {
    for (int i = 0; i < places.size(); i++) {
      results[places.get(i)] = answers.get(i);
    }
  }

  private static List<BsonDocument> filters(List<Settlement> settlements, List<Integer> places) {
    return places.stream().map(settlements::get).map(Settling::filter).toList();
  }

  /** The message, while its lease is the one that is settled. */
  private static BsonDocument filter(Settlement settlement) {
    return Filters.heldBy(settlement.key().id(), settlement.token());
  }

  private List<Boolean> update(
      MongoCollection<BsonDocument> messages, List<Settlement> settlements, List<Integer> places) {
    BsonString call = new BsonString(UUID.randomUUID().toString());
    List<WriteModel<BsonDocument>> models = new ArrayList<>(places.size());
    List<String> ids = new ArrayList<>(places.size());
    for (int place : places) {
      Settlement settlement = settlements.get(place);
      models.add(new UpdateOneModel<>(filter(settlement), change(settlement, call)));
      ids.add(settlement.key().id());
    }
    BulkWriteResult result = messages.bulkWrite(models, UNORDERED);
    int took = result.getMatchedCount();
    if (took == 0 || took == ids.size()) {
      return ids.stream().map(id -> took > 0).toList();
    }
    Set<String> settled = new HashSet<>();
    for (BsonDocument document :
        messages
            .find(Filters.ids(ids).append(Fields.SETTLED_BY, call))
            .projection(Filters.only(Fields.ID))) {
      settled.add(Documents.id(document));
    }
    if (settled.size() != took) {
      throw Removing.untold(ids.size());
    }
    return ids.stream().map(settled::contains).toList();
  }

  /** What a settlement other than a deletion does to its message. */
  private BsonDocument change(Settlement settlement, BsonString call) {
    BsonDocument set = new BsonDocument(Fields.SETTLED_BY, call);
    BsonDocument unset = new BsonDocument();
    if (settlement instanceof Settlement.Move move) {
      Progress progress = move.progress();
      Documents.progress(progress, set, unset);
      set.put(Fields.DUE, Documents.date(progress.due().toEpochMilli()));
      free(unset);
    } else if (settlement instanceof Settlement.Bury bury) {
      Documents.progress(bury.progress(), set, unset);
      set.put(Fields.BURIED, new BsonInt64(sequence.next()));
      unset.put(Fields.DUE, new BsonString(""));
      free(unset);
    } else if (settlement instanceof Settlement.Extend extend) {
      long until = Lease.end(clock.millis(), extend.leaseTime());
      set.put(Fields.LOCKED, Documents.date(until));
      set.put(Fields.DUE, Documents.date(until));
    }
    BsonDocument change = new BsonDocument("$set", set);
    return unset.isEmpty() ? change : change.append("$unset", unset);
  }

  private static void free(BsonDocument unset) {
    unset.put(Fields.LOCKED, new BsonString(""));
    unset.put(Fields.LOCKED_BY, new BsonString(""));
  }
}
