package dev.pitstop.engine;

import dev.pitstop.Codec;
import dev.pitstop.Delivery;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Schedule;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leases messages of a queue for who asks for them, and finds leases again. Thread-safe. */
final class Puller<T> {
  private final String queue;
  private final Codec<T> codec;
  private final Store store;
  private final Terms terms;
  private final Admission admission;
  private final Settler settler;

  Puller(EngineQueue<T> queue, Terms terms, Planner planner, Settler settler) {
    this.queue = queue.name();
    this.codec = queue.codec();
    this.store = settler.store();
    this.terms = terms;
    this.settler = settler;
    this.admission = new Admission(terms, planner, settler, () -> {});
  }

  /** Leases what is due now; empty too when all that was leased was settled in place. */
  List<Delivery<T>> lease(int limit) {
    List<Delivery<T>> deliveries = new ArrayList<>();
    for (Entry entry : store.lease(queue, limit, terms.leaseTime())) {
      Instant now = entry.leased().until().minus(terms.leaseTime());
      admission
          .admit(entry, now)
          .map(emission -> new EngineDelivery<>(emission, codec, settler, settled -> {}))
          .filter(EngineDelivery::read)
          .ifPresent(deliveries::add);
    }
    return List.copyOf(deliveries);
  }

  /** The delivery of a lease that is out; not counted as emitted again. */
  Optional<Delivery<T>> leased(Key key, long token) {
    return store
        .find(key)
        .filter(entry -> entry.lease() != null && entry.leased().token() == token)
        .map(this::emission)
        .map(emission -> new EngineDelivery<>(emission, codec, settler, settled -> {}))
        .filter(EngineDelivery::readAgain)
        .map(delivery -> delivery);
  }

  private Emission emission(Entry entry) {
    Progress progress = entry.progress();
    Instant leasedAt = entry.leased().until().minus(terms.leaseTime());
    return new Emission(
        entry, schedule(entry), progress.scheduledFor(), progress.missed(), leasedAt);
  }

  /** One that cannot be read was buried when it was leased. */
  private static @Nullable Schedule schedule(Entry entry) {
    String text = entry.schedule();
    try {
      return text == null ? null : Schedule.parse(text);
    } catch (InvalidFieldException e) {
      return null;
    }
  }
}
