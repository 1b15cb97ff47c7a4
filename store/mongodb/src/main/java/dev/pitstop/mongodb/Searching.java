package dev.pitstop.mongodb;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import dev.pitstop.Page;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.IdRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;

/** Makes a page of what lies within a range of ids. Thread-safe. */
final class Searching {
  private Searching() {}

  /**
   * The first of a range, in the order of their ids: index {_id}.
   *
   * @param now the store's time, which says which leases still run
   */
  static Page<Entry> page(
      MongoCollection<BsonDocument> messages, String queue, IdRange ids, Instant now, int limit) {
    List<Entry> items = new ArrayList<>();
    long bodies = 0;
    try (MongoCursor<BsonDocument> found =
        messages
            .find(Filters.within(ids))
            .sort(Filters.only(Fields.ID))
            .limit(limit + 1) // one more tells whether there is a next page
            .batchSize(Listing.BATCH)
            .iterator()) {
      while (found.hasNext()) {
        if (items.size() == limit || bodies >= Listing.BODIES_MOST) {
          String last = items.get(items.size() - 1).key().id();
          return new Page<>(items, Optional.of(IdRange.cursor(last)));
        }
        Entry entry = Documents.entry(queue, found.next(), now);
        items.add(entry);
        bodies += entry.payload().body().length;
      }
    }
    return new Page<>(items, Optional.empty());
  }
}
