package dev.pitstop.engine;

import dev.pitstop.Delivery;
import dev.pitstop.ListenerOptions;
import dev.pitstop.PitstopException;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber on its way to its listener: it hears of its subscription before anything else. */
final class Subscribing<T> {
  private final Flow.Subscriber<? super Delivery<T>> subscriber;
  private final ListenerOptions options;
  private @Nullable SubscriptionOutlet<T> outlet;
  private @Nullable QueueListener<T> listener;

  Subscribing(Flow.Subscriber<? super Delivery<T>> subscriber, ListenerOptions options) {
    this.subscriber = subscriber;
    this.options = options;
  }

  Outlet<T> outlet(Runnable changed) {
    SubscriptionOutlet<T> made =
        new SubscriptionOutlet<>(
            subscriber, options, changed, () -> Objects.requireNonNull(listener).stop());
    outlet = made;
    return made;
  }

  /** Gives the subscriber its subscription, then starts its listener. */
  void begin(QueueListener<T> made, Runnable start) {
    listener = made;
    subscriber.onSubscribe(Objects.requireNonNull(outlet));
    try {
      start.run();
    } catch (PitstopException e) {
      subscriber.onError(e);
    }
  }
}
