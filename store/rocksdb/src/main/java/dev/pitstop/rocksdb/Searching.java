package dev.pitstop.rocksdb;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one page of the messages whose ids begin with a text. Used without the session's lock. Not
 * thread-safe.
 */
final class Searching {
  /*
   * What the index has in memory is hashed, and is put in order for each walk. That takes long enough to
   * keep writers waiting, so the lock is taken for reading each message only. Where it is much it is written
   * out meanwhile, and is in order from then on, for those who type on.
   */
  private static final Logger LOG = LoggerFactory.getLogger(Searching.class);

  /** So many bytes of bodies are shown at once at most, but always one message. */
  private static final long BODIES_MOST = 32L << 20;

  /** A page's end is the last id that it shows, with this before it. */
  private static final String END = "id.";

  private final Session session;
  private final String name;
  private final int limit;
  private final List<Entry> items = new ArrayList<>();
  private @Nullable String last;
  private long bodies;

  Searching(Session session, String name, int limit) {
    this.session = session;
    this.name = name;
    this.limit = limit;
  }

  /** The id that a page ended with. */
  static String after(String from, String prefix) {
    if (!from.startsWith(END + prefix)) {
      throw new InvalidFieldException("from", "must be the next of an earlier page", from);
    }
    return from.substring(END.length());
  }

  Page<Entry> page(String prefix, Optional<String> after) throws RocksDBException {
    QueueState queue = queue();
    if (queue == null) {
      return new Page<>(List.of(), Optional.empty());
    }
    session.tables().relieve(Table.MESSAGES);
    Buf key = new Buf(64);
    for (IndexRange range : IndexRange.beginning(queue.number(), prefix)) {
      IndexRange rest =
          after
              .map(id -> range.after(Keys.message(key, queue.number(), id).toArray()))
              .orElse(range);
      if (!rest.isEmpty() && !show(rest)) {
        return new Page<>(items, Optional.of(END + last));
      }
    }
    return new Page<>(items, Optional.empty());
  }

  private @Nullable QueueState queue() {
    session.lock().lock();
    try {
      return session.queues().get(name);
    } finally {
      session.lock().unlock();
    }
  }

  /** Adds the messages of a range; says whether all of them have room. */
  private boolean show(IndexRange range) throws RocksDBException {
    try (Walk walk = session.tables().walk(Table.MESSAGES, range.from(), range.to())) {
      for (; walk.valid(); walk.next()) {
        if (items.size() >= limit || bodies >= BODIES_MOST) {
          return false;
        }
        last = Keys.id(walk.key());
        find(new Key(name, last)).ifPresent(this::add);
      }
      return true;
    }
  }

  /** A message as it is now; empty when it has gone since the walk began, or cannot be read. */
  private Optional<Entry> find(Key message) throws RocksDBException {
    session.lock().lock();
    try {
      return new Looking(session).find(message);
    } catch (DamagedException e) {
      LOG.error("{} cannot be read", message, e);
      return Optional.empty();
    } finally {
      session.lock().unlock();
    }
  }

  private void add(Entry entry) {
    items.add(entry);
    bodies += entry.payload().body().length;
  }
}
