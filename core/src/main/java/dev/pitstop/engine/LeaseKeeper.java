package dev.pitstop.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Extends the leases of deliveries whose handlers run, ends handlers that run too long, and takes
 * back what was handed out and never settled. Runs on a thread that no handler can block.
 */
final class LeaseKeeper {
  /*
   * A lease is extended to its whole length once a third of it is gone. Looks come every sixth, so
   * that a store that fails for a while is asked three times more before the lease runs out. A
   * delivery handed out after a look has its whole lease, so nobody needs to wake the keeper for it.
   */
  private final Supplier<? extends Collection<? extends QueueListener<?>>> listeners;

  LeaseKeeper(Supplier<? extends Collection<? extends QueueListener<?>>> listeners) {
    this.listeners = listeners;
  }

  /** Looks after all listeners; says how long until the next look. */
  Duration tick() {
    Duration wait = Duration.ofHours(1);
    for (QueueListener<?> listener : listeners.get()) {
      wait = shorter(wait, listener.keep());
    }
    return wait;
  }

  /** Looks after the deliveries of one outlet. */
  static <T> Duration keep(Outlet<T> outlet, Instant now, Terms terms) {
    Duration sixth = atLeastOneMilli(terms.leaseTime().dividedBy(6));
    Duration fresh = terms.leaseTime().minus(sixth.multipliedBy(2));
    Duration wait = sixth.multipliedBy(2);
    if (terms.handlerTimeout().isPresent()) {
      wait = shorter(wait, terms.handlerTimeout().get());
    }
    for (EngineDelivery<T> delivery : outlet.inHands()) {
      Duration left = Duration.between(now, delivery.leasedUntil());
      if (delivery.isHandled()) {
        wait = shorter(wait, sixth);
        if (left.compareTo(fresh) <= 0
            && !delivery.isKnownLost()
            && !delivery.isAckedElsewhere()
            && !delivery.settled()) {
          delivery.keep(terms.leaseTime());
        }
        if (terms.handlerTimeout().isPresent()) {
          wait = shorter(wait, limitHandler(delivery, terms.handlerTimeout().get()));
        }
      } else if (left.isNegative() || left.isZero()) {
        outlet.lapsed(delivery);
      } else {
        wait = shorter(wait, left);
      }
    }
    return atLeastOneMilli(wait);
  }

  /** Ends a handler whose time is up; says how long it has, otherwise. */
  private static Duration limitHandler(EngineDelivery<?> delivery, Duration limit) {
    Duration left = limit.minusNanos(delivery.nanosSincePlaced());
    if (left.isNegative() || left.isZero()) {
      delivery.timeOut(limit);
      return limit;
    }
    return left;
  }

  private static Duration atLeastOneMilli(Duration duration) {
    Duration milli = Duration.ofMillis(1);
    return duration.compareTo(milli) < 0 ? milli : duration;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
