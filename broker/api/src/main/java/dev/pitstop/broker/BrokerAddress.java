package dev.pitstop.broker;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.spi.Address;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a place of a broker is: {@code
 * scheme://user:password@host:port,host:port/place?option=value}.
 *
 * @param address as it was written; its text shows no password
 * @param user percent-decoded
 * @param password percent-decoded
 * @param hosts one or more
 * @param path what follows the hosts and a slash, as it was written; may be empty
 */
public record BrokerAddress(
    Address address,
    Optional<String> user,
    Optional<String> password,
    List<Host> hosts,
    String path) {
  /**
   * A host.
   *
   * @param port 0: what is usual for the scheme
   */
  public record Host(String name, int port) {
    /** The port, or the usual one. */
    public int portOr(int usual) {
      return port == 0 ? usual : port;
    }
  }

  /**
   * The address that a text stands for.
   *
   * @throws InvalidFieldException when it is none
   */
  public static BrokerAddress parse(String text) {
    if (!text.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*://.*")) {
      throw new InvalidFieldException(
          "address", "must be as rabbitmq://host:port/place", "something else");
    }
    Address address = Address.parse(text);
    String rest = address.rest();
    int slash = rest.indexOf('/', 2);
    String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    int at = authority.lastIndexOf('@');
    Optional<String> login = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
    return new BrokerAddress(
        address,
        login.map(text2 -> decode(text2.split(":", 2)[0])),
        login.filter(both -> both.contains(":")).map(both -> decode(both.split(":", 2)[1])),
        hosts(authority.substring(at + 1), address),
        slash < 0 ? "" : rest.substring(slash + 1));
  }

  /**
   * The names that a path or a destination has between its slashes, percent-decoded.
   *
   * @throws InvalidFieldException when a percent sign is not followed by two hex digits
   */
  public static List<String> names(String path) {
    return Stream.of(path.split("/", -1)).map(BrokerAddress::decode).toList();
  }

  private static List<Host> hosts(String text, Address address) {
    List<Host> hosts = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      int colon = one.lastIndexOf(':');
      boolean port = colon > one.lastIndexOf(']');
      String name = port ? one.substring(0, colon) : one;
      if (name.isEmpty() || name.indexOf('{') >= 0) {
        throw invalid(address);
      }
      hosts.add(new Host(name, port ? port(one.substring(colon + 1), address) : 0));
    }
    return List.copyOf(hosts);
  }

  private static int port(String text, Address address) {
    if (!text.matches("[0-9]{1,5}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > 65_535) {
      throw new InvalidFieldException("address", "must have a port from 1 to 65535", address);
    }
    return Integer.parseInt(text);
  }

  private static InvalidFieldException invalid(Address address) {
    return new InvalidFieldException(
        "address", "must be as " + address.scheme() + "://host:port/place", address);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException(
          "address", "must have two hex digits after each percent sign", "***", e);
    }
  }

  /** See {@link Address#scheme}. */
  public String scheme() {
    return address.scheme();
  }

  /** The options, by name. */
  public Map<String, String> options() {
    return address.query();
  }

  /** The address without a password. */
  @Override
  public String toString() {
    return address.toString();
  }
}
