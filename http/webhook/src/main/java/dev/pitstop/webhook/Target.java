package dev.pitstop.webhook;

import dev.pitstop.InvalidFieldException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where the messages of a queue are posted to. Immutable.
 *
 * @param url an http or https address
 * @param secrets what posts are signed with, all of them each time; never shown
 * @param timeout within how long the target must have answered
 * @param concurrency so many posts at once at most
 * @param allowPrivate whether the target may be in a private network
 */
public record Target(
    URI url, List<String> secrets, Duration timeout, int concurrency, boolean allowPrivate) {

  /** Refuses what is out of bounds. */
  public Target {
    secrets = List.copyOf(secrets);
    String scheme = String.valueOf(url.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
      throw new InvalidFieldException("url", "must be an http or https address", url);
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new InvalidFieldException("url", "must have no user and no fragment", shown(url));
    }
    for (String secret : secrets) {
      Signing.key(secret);
    }
    if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new InvalidFieldException("timeout", "must be at least PT0.001S", timeout);
    }
    if (concurrency < 1 || concurrency > 1_000) {
      throw new InvalidFieldException("concurrency", "must be from 1 to 1000", concurrency);
    }
  }

  /** Where it is; the secrets are left out, and the address's query, which may hold others. */
  @Override
  public String toString() {
    return "target " + shown() + ", secrets " + secrets.size();
  }

  /** The address without its query, which may hold secrets. */
  public String shown() {
    return shown(url);
  }

  private static String shown(URI url) {
    return url.getScheme()
        + "://"
        + url.getHost()
        + (url.getPort() < 0 ? "" : ":" + url.getPort())
        + url.getRawPath();
  }
}
