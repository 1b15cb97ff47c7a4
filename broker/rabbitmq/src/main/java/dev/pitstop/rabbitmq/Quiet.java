package dev.pitstop.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.StrictExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the client's threads meet: told when debugging only, since {@link Reconnecting} tells of a
 * connection that ends. What listeners throw ends their channel.
 */
final class Quiet extends StrictExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Quiet.class);

  static void debug(String name, Throwable failure) {
    LOG.debug("{}", name, failure);
  }

  @Override
  public void handleUnexpectedConnectionDriverException(Connection connection, Throwable failure) {
    debug(String.valueOf(connection.getClientProvidedName()), failure);
  }

  @Override
  protected void log(String message, Throwable failure) {
    LOG.debug("{}", message, failure);
  }
}
