package dev.pitstop.server.http;

import java.util.Set;

/**
 * Which requests an endpoint answers. Immutable.
 *
 * @param method of HTTP, in capitals
 * @param template the path, with names in braces for what varies, and behind a colon the verb if
 *     there is one: <code>/v1/queues/{queue}:pause</code>
 * @param right what the caller needs to be allowed
 * @param parameters the names of all query parameters that it takes
 * @param endpoint answers it
 */
public record Route(
    String method, String template, Right right, Set<String> parameters, Endpoint endpoint) {

  /** Copies the names. */
  public Route {
    parameters = Set.copyOf(parameters);
  }
}
