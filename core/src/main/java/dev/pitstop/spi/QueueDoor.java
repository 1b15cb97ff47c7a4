package dev.pitstop.spi;

import dev.pitstop.IfPresent;
import dev.pitstop.Message;
import dev.pitstop.Schedule;

/** What a queue gives a store that offers more for it than others do. Thread-safe. */
public interface QueueDoor {
  /** The queue's name. */
  String queue();

  /**
   * Checks a message and encodes it, as storing it in the queue would.
   *
   * @param message with a body that the queue's codec takes
   * @throws dev.pitstop.PitstopException when it is out of bounds or cannot be encoded
   */
  Put put(Message<?> message, Schedule schedule, IfPresent ifPresent);
}
