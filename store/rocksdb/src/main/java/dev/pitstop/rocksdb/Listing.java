package dev.pitstop.rocksdb;

import dev.pitstop.Filter;
import dev.pitstop.Page;
import dev.pitstop.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one page of what a queue holds. Not thread-safe. */
final class Listing {
  private static final Logger LOG = LoggerFactory.getLogger(Listing.class);

  /** So many bytes of bodies are listed at once at most, but always one message. */
  private static final long BODIES_MOST = 32L << 20;

  private final Session session;
  private final Looking looking;
  private final QueueState queue;
  private final int limit;
  private final Buf key = new Buf(64);
  private final List<Entry> items = new ArrayList<>();
  private ListPlace last = ListPlace.FIRST;
  private boolean more;
  private long bodies;

  Listing(Session session, Looking looking, QueueState queue, int limit) {
    this.session = session;
    this.looking = looking;
    this.queue = queue;
    this.limit = limit;
  }

  Page<Entry> page(Filter filter, ListPlace after) throws RocksDBException {
    last = after;
    if (!after.buried()) {
      Place begin = after.place().next().orLater(Place.startOf(filter.firstMillis()));
      Place end = Place.startOf(filter.endMillis());
      if (filter.scheduled()) {
        live(begin, end, !filter.leased());
      } else if (filter.leased()) {
        leased(begin, end);
      }
    }
    if (!more && filter.buried()) {
      buried(after.buried() ? after.place().number() : 0);
    }
    return new Page<>(items, more ? Optional.of(last.toString()) : Optional.empty());
  }

  private void leased(Place begin, Place end) throws RocksDBException {
    List<Place> places =
        session.leases().of(queue).stream()
            .filter(Hold::running)
            .map(Hold::place)
            .filter(place -> !place.before(begin) && place.before(end))
            .sorted()
            .toList();
    for (Place place : places) {
      if (isFull()) {
        return;
      }
      byte[] record = session.tables().get(Table.DUE, Keys.due(key, queue.number(), place));
      if (record == null) {
        throw new DamagedException("a leased message of " + queue.name() + " is not in its place");
      }
      add(looking.live(queue, place, record), new ListPlace(false, place));
    }
  }

  private void live(Place begin, Place end, boolean waitingOnly) throws RocksDBException {
    Place first = waitingOnly ? queue.mark() : session.leases().first(queue);
    try (Walk walk = session.tables().walkDue(queue, begin.orLater(first), end)) {
      for (; walk.valid(); walk.next()) {
        Place place = Keys.place(walk.key());
        Hold hold = session.leases().ofNumber(place.number());
        if (waitingOnly && hold != null && hold.running()) {
          continue;
        }
        if (isFull()) {
          return;
        }
        try {
          add(looking.live(queue, place, walk.value()), new ListPlace(false, place));
        } catch (DamagedException e) {
          LOG.error("a message of {} due at {} cannot be read", queue.name(), place.due(), e);
        }
      }
    }
  }

  private void buried(long after) throws RocksDBException {
    byte[] from = Keys.numbered(key, queue.number(), after + 1).toArray();
    byte[] to = Keys.queueStart(queue.number() + 1);
    try (Walk walk = session.tables().walk(Table.BURIED, from, to)) {
      for (; walk.valid(); walk.next()) {
        if (isFull()) {
          return;
        }
        long burial = Keys.number(walk.key());
        try {
          add(looking.buried(queue, walk.value()), ListPlace.buried(burial));
        } catch (DamagedException e) {
          LOG.error("a buried message of queue {} cannot be read", queue.name(), e);
        }
      }
    }
  }

  private boolean isFull() {
    more = items.size() >= limit || bodies >= BODIES_MOST;
    return more;
  }

  private void add(Entry entry, ListPlace place) {
    items.add(entry);
    bodies += entry.payload().body().length;
    last = place;
  }
}
