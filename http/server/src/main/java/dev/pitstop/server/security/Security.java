package dev.pitstop.server.security;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.server.http.Web;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who may call, and by which names. Immutable; each method returns a changed copy.
 *
 * @param grants the tokens that are known; when there are none everybody may do everything
 * @param hosts the names by which browsers reach the server, besides that of the loopback and
 *     addresses
 * @param openToAll whether a server that others reach may be without tokens
 */
public record Security(List<Grant> grants, Set<String> hosts, boolean openToAll) {

  /** Copies; refuses two grants of one name, or of one token. */
  public Security {
    grants = List.copyOf(grants);
    hosts = Set.copyOf(hosts);
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> ids = new TreeSet<>();
    for (Grant grant : grants) {
      if (!names.add(grant.name()) || !ids.add(grant.hash().id())) {
        throw new InvalidFieldException(
            "tokens", "must have each name and each hash once only", grant.name());
      }
    }
  }

  /** Without tokens, for the loopback address only. */
  public static Security defaults() {
    return new Security(List.of(), Set.of(), false);
  }

  /** With other tokens. */
  public Security grants(List<Grant> grants) {
    return new Security(grants, hosts, openToAll);
  }

  /** Reached by other names. */
  public Security hosts(Set<String> hosts) {
    return new Security(grants, hosts, openToAll);
  }

  /** Open to everybody, also where others reach the server. */
  public Security openToAll(boolean openToAll) {
    return new Security(grants, hosts, openToAll);
  }

  /**
   * Refuses to have a server listen where others reach it when everybody may do everything there
   * and nobody said that this is meant.
   *
   * @throws PitstopException then
   */
  public void check(Web.Settings web) {
    if (grants.isEmpty() && !openToAll && !isLoopback(web.host())) {
      throw new PitstopException(
          "on "
              + web.host()
              + " everybody who reaches this port could read, change and remove all messages:"
              + " give tokens (pitstop token makes one), or say insecureOpenToAll");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new InvalidFieldException("host", "must be an address of this machine", host, e);
    }
  }
}
