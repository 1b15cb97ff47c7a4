package dev.pitstop.rocksdb;

import dev.pitstop.Page;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import java.util.ArrayList;
import java.util.Comparator;
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

  Page<Entry> page(Optional<State> state, ListPlace after) throws RocksDBException {
    last = after;
    if (!after.buried() && state.isPresent() && state.get() == State.LEASED) {
      leased(after.place());
    } else if (!after.buried() && state.orElse(State.SCHEDULED) == State.SCHEDULED) {
      live(after.place(), state.isPresent());
    }
    if (!more && state.orElse(State.BURIED) == State.BURIED) {
      buried(after.buried() ? after.place().number() : 0);
    }
    return new Page<>(items, more ? Optional.of(last.toString()) : Optional.empty());
  }

  private void leased(Place after) throws RocksDBException {
    List<Place> places =
        session.leases().of(queue).stream()
            .filter(Hold::running)
            .map(Hold::place)
            .filter(after::before)
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

  private void live(Place after, boolean waitingOnly) throws RocksDBException {
    Place start = first(waitingOnly);
    Place begin = after.before(start) ? start : after.next();
    byte[] from = Keys.due(key, queue.number(), begin).toArray();
    byte[] to = Keys.queueStart(queue.number() + 1);
    try (Walk walk = session.tables().walk(Table.DUE, from, to)) {
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

  /** Below this nothing waits, and nothing is leased unless only waiting ones are asked for. */
  private Place first(boolean waitingOnly) {
    Place first = queue.cursor();
    if (!queue.behind().isEmpty() && queue.behind().first().before(first)) {
      first = queue.behind().first();
    }
    if (waitingOnly) {
      return first;
    }
    Optional<Place> leased =
        session.leases().of(queue).stream().map(Hold::place).min(Comparator.naturalOrder());
    return leased.isPresent() && leased.get().before(first) ? leased.get() : first;
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
