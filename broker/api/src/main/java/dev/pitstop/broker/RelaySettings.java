package dev.pitstop.broker;

import dev.pitstop.InvalidFieldException;
import java.util.List;
import java.util.Optional;

/**
 * What is relayed. Immutable.
 *
 * @param takeFrom the addresses of places of brokers whose messages are taken
 * @param misfits the address where messages go whose headers are not understood; empty: they are
 *     refused
 * @param emitTo the address of the place where messages go when they are due
 * @param inFlight how many messages are passed on at once at most, from each place; 1 to 100,000
 */
public record RelaySettings(
    List<String> takeFrom, Optional<String> misfits, Optional<String> emitTo, int inFlight) {

  /**
   * Copies.
   *
   * @throws InvalidFieldException when an address is not understood, or a number is out of bounds
   */
  public RelaySettings {
    takeFrom = List.copyOf(takeFrom);
    takeFrom.forEach(Brokers::checkSource);
    misfits.ifPresent(Brokers::checkDestination);
    emitTo.ifPresent(Brokers::checkDestination);
    if (inFlight < 1 || inFlight > Relay.MOST_IN_FLIGHT) {
      throw new InvalidFieldException(
          "inFlight", "must be from 1 to " + Relay.MOST_IN_FLIGHT, inFlight);
    }
  }

  /** Nothing. */
  public static RelaySettings none() {
    return new RelaySettings(List.of(), Optional.empty(), Optional.empty(), Relay.IN_FLIGHT);
  }

  /** Whether nothing is relayed. */
  public boolean isNone() {
    return takeFrom.isEmpty() && emitTo.isEmpty();
  }

  /** How much is relayed; addresses may hold passwords, and are left out. */
  @Override
  public String toString() {
    return "relays from " + takeFrom.size() + " places" + (emitTo.isPresent() ? ", to one" : "");
  }
}
