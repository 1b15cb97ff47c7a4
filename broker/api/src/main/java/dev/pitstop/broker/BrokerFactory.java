package dev.pitstop.broker;

import dev.pitstop.spi.Option;
import java.util.List;
import java.util.Set;

/** Connects to brokers of one kind; found by {@code ServiceLoader}. */
public interface BrokerFactory {
  /** The schemes of the addresses that this factory understands: {@code rabbitmq}. */
  Set<String> schemes();

  /** The options that an address may carry. */
  List<Option<?>> options();

  /**
   * What a broker that is sent to calls the place that an address names; in it {@code {…}} stands
   * for what depends on the message.
   *
   * @throws dev.pitstop.InvalidFieldException when it names none
   */
  String destination(BrokerAddress address);

  /**
   * Makes a sender. The path of the address does not matter. A broker that is away is no error: it
   * is connected to when it is there.
   *
   * @throws dev.pitstop.InvalidFieldException when the address cannot be one of this kind
   */
  Sender sender(BrokerAddress address);

  /**
   * Makes a source of the place that an address names. A broker that is away is no error.
   *
   * @throws dev.pitstop.InvalidFieldException when the address cannot be one of this kind, or this
   *     kind can only be sent to
   */
  Source source(BrokerAddress address);
}
