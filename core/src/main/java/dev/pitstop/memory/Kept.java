package dev.pitstop.memory;

import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Progress;
import java.util.Comparator;

/**
 * A message in a queue. Immutable: a change takes it out and puts another in.
 *
 * @param place where it stands in the queue's order
 * @param token of the lease that may settle it, also one that has run out; 0 for none
 */
record Kept(Entry entry, Place place, long token) {
  /** Leased ones by when their lease ends. */
  static final Comparator<Kept> BY_LEASE_END =
      Comparator.<Kept>comparingLong(Kept::leaseEnd).thenComparing(Kept::place);

  Key key() {
    return entry.key();
  }

  /** When its lease ends, in milliseconds since 1970; only of a leased one. */
  long leaseEnd() {
    return entry.leased().until().toEpochMilli();
  }

  /** The same message under a lease, its attempt counted. */
  Kept leased(Lease lease) {
    return new Kept(entry.leasedBy(lease), place, lease.token());
  }

  /** The same message and attempt under a lease that lasts longer. */
  Kept extended(Lease lease) {
    Entry longer =
        new Entry(
            entry.key(), entry.payload(), entry.schedule(), State.LEASED, entry.progress(), lease);
    return new Kept(longer, place, token);
  }

  /** The same message waiting because its lease has run out; the token still settles it. */
  Kept expired() {
    return new Kept(waiting(entry.progress()), place, token);
  }

  /** The same message waiting, the lease settled. */
  Kept moved(Progress progress) {
    return new Kept(waiting(progress), Place.live(progress.due(), place.number()), 0);
  }

  /** The same message set aside, the lease settled. */
  Kept buried(Progress progress, long burial) {
    Entry buried =
        new Entry(entry.key(), entry.payload(), entry.schedule(), State.BURIED, progress, null);
    return new Kept(buried, Place.buried(burial, place.number()), 0);
  }

  private Entry waiting(Progress progress) {
    return Entry.scheduled(entry.key(), entry.payload(), entry.schedule(), progress);
  }
}
