package dev.pitstop.broker.tck;

import dev.pitstop.Message;
import java.util.List;
import java.util.Set;

/**
 * A real broker on its own, and what its plain client says of it, so that the adapter is not judged
 * by itself. Used by one thread at a time.
 *
 * <p>What is meant by a place is up to the kind of broker: a queue, a topic, a stream; one that can
 * be taken from as well as sent to.
 */
public interface PlainBroker {
  /** What this kind of broker can do. */
  Set<Trait> traits();

  /** A place that is empty and that nobody else uses, and that outlives a kill; its name. */
  String freshPlace();

  /**
   * The address of a place as a user writes it, the password included. Options in it make the
   * adapter give up a send that is not confirmed, and a connection that hangs, within {@link
   * BrokerContract#patience()}.
   */
  String address(String place);

  /** The password that is in the addresses; it must be shown nowhere. */
  String password();

  /**
   * Puts messages into a place in this order, kept by the broker when this returns. Their ids are
   * not looked at.
   */
  void put(String place, List<Message<byte[]>> messages);

  /**
   * Waits until a place holds so many messages, or 30 seconds are over. Asked once of a place, on
   * which nobody else takes.
   *
   * @return all that it holds then, in its order; headers of the broker's own may be left out
   */
  List<Message<byte[]>> read(String place, int count);

  /**
   * How many messages of a place are not acked. Those in the hands of a source that is open may be
   * left out.
   */
  long left(String place);

  /** Messages that the broker refuses, one for each way: unroutable, too large, full. */
  List<Refusal> refusals();

  /** Kills the broker and all its processes as {@code kill -9} does. */
  void kill();

  /** Starts it again on the same ports and data; it answers when this returns. */
  void restart();

  /** Makes it stand still: connections are taken, nothing is answered. */
  void pause();

  /** Ends a pause. */
  void resume();
}
