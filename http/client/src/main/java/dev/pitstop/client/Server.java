package dev.pitstop.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where a server is and how it is called. Immutable.
 *
 * @param uri without a slash at its end
 * @param token shown with each call; empty for none
 * @param timeout for how long a call waits for its answer
 * @param tls what is trusted; empty for what Java trusts
 */
record Server(URI uri, Optional<Token> token, Duration timeout, Optional<SSLContext> tls) {
  @Override
  public String toString() {
    return uri.toString();
  }
}
