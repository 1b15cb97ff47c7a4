package dev.pitstop.webhook;

import dev.pitstop.InvalidFieldException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/**
 * Where messages are posted to. Immutable.
 *
 * @param url an http or https address of 2,048 characters at most
 * @param secrets what posts are signed with, all of them each time: at most 8, of at most 256
 *     characters each; never shown
 * @param timeout within how long the target must have answered; from 1 ms to 1 h
 * @param concurrency so many posts at once at most; from 1 to 1,000
 * @param allowPrivate whether the target may be in a private network
 */
public record Target(
    URI url, List<String> secrets, Duration timeout, int concurrency, boolean allowPrivate) {
  /** The time limit of a target that names none. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  /** The number of posts at once of a target that names none. */
  public static final int DEFAULT_CONCURRENCY = 16;

  private static final String HTTP = "must be an http or https address";
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final int LONGEST_URL = 2_048;
  private static final int MOST_SECRETS = 8;
  private static final int LONGEST_SECRET = 256;

  /**
   * Copies the secrets.
   *
   * @throws InvalidFieldException when a component is out of bounds; it shows no secret
   */
  public Target {
    secrets = List.copyOf(secrets);
    String scheme = String.valueOf(url.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
      throw new InvalidFieldException("url", HTTP, withoutQuery(url.toString()));
    }
    if (url.toString().length() > LONGEST_URL) {
      throw new InvalidFieldException(
          "url",
          "must have at most " + LONGEST_URL + " characters",
          url.toString().length() + " characters");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw new InvalidFieldException("url", "must have no user and no fragment", shown(url));
    }
    if (secrets.size() > MOST_SECRETS) {
      throw new InvalidFieldException(
          "secrets", "must be at most " + MOST_SECRETS, secrets.size() + " secrets");
    }
    for (String secret : secrets) {
      if (secret.length() > LONGEST_SECRET) {
        throw new InvalidFieldException(
            "secrets",
            "must each have at most " + LONGEST_SECRET + " characters",
            secret.length() + " characters");
      }
      Signing.key(secret);
    }
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new InvalidFieldException(
          "timeout", "must be from PT0.001S to " + LONGEST_TIMEOUT, timeout);
    }
    if (concurrency < 1 || concurrency > 1_000) {
      throw new InvalidFieldException("concurrency", "must be from 1 to 1000", concurrency);
    }
  }

  /**
   * The address that a text is.
   *
   * @throws InvalidFieldException when it is none
   */
  public static URI address(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // the cause shows the query
      throw new InvalidFieldException("url", HTTP, withoutQuery(text));
    }
  }

  /** The same, but in no private network. */
  public Target guarded() {
    return allowPrivate ? new Target(url, secrets, timeout, concurrency, false) : this;
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

  private static String withoutQuery(String text) {
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }
}
