package dev.pitstop.broker;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import dev.pitstop.spi.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Opens the places of brokers by their address, with the brokers that are on the class path. */
public final class Brokers {
  private Brokers() {}

  /**
   * The source at an address.
   *
   * @throws InvalidFieldException when the address or one of its options is not understood
   */
  public static Source source(String text) {
    BrokerAddress address = BrokerAddress.parse(text);
    return factory(address).source(address);
  }

  /**
   * The place at an address, to send to; see {@link Template} for what may depend on the message.
   *
   * @throws InvalidFieldException when the address or one of its options is not understood
   */
  public static Destination destination(String text) {
    BrokerAddress address = BrokerAddress.parse(text);
    BrokerFactory factory = factory(address);
    Template template = Template.parse(factory.destination(address));
    return new Destination(factory.sender(address), template);
  }

  /**
   * Refuses what cannot be the address of a source; nothing is connected to.
   *
   * @throws InvalidFieldException as {@link #source} does
   */
  public static void checkSource(String text) {
    source(text).close();
  }

  /**
   * Refuses what cannot be the address of a destination; nothing is connected to.
   *
   * @throws InvalidFieldException as {@link #destination} does
   */
  public static void checkDestination(String text) {
    BrokerAddress address = BrokerAddress.parse(text);
    Template.parse(factory(address).destination(address));
  }

  /** An address as it may be shown: without a password. */
  static String name(String text) {
    return BrokerAddress.parse(text).toString();
  }

  /** The schemes that are known, in order. */
  public static List<String> schemes() {
    TreeSet<String> known = new TreeSet<>();
    ServiceLoader.load(BrokerFactory.class).forEach(factory -> known.addAll(factory.schemes()));
    return List.copyOf(known);
  }

  private static BrokerFactory factory(BrokerAddress address) {
    for (BrokerFactory factory : ServiceLoader.load(BrokerFactory.class)) {
      if (factory.schemes().contains(address.scheme())) {
        check(address, factory);
        return factory;
      }
    }
    throw new InvalidFieldException(
        "address",
        "must begin with the scheme of a broker on the class path ("
            + String.join(", ", schemes())
            + ")",
        address);
  }

  private static void check(BrokerAddress address, BrokerFactory factory) {
    List<String> known = new ArrayList<>();
    for (Option<?> option : factory.options()) {
      known.add(option.name());
      option.in(address.options());
    }
    for (String name : address.options().keySet()) {
      if (!known.contains(name)) {
        throw new InvalidFieldException(
            "address", "must have options of " + String.join(", ", known) + " only", name);
      }
    }
  }

  /**
   * A sender and where it sends to.
   *
   * @param template gives the destination of each message
   */
  public record Destination(Sender sender, Template template) implements Onward, AutoCloseable {
    @Override
    public CompletableFuture<Void> pass(Message<byte[]> message) {
      try {
        return sender.send(template.of(message), message);
      } catch (SendException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public void close() {
      sender.close();
    }
  }
}
