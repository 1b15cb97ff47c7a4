package dev.pitstop.server.config;

import dev.pitstop.PitstopException;

/** What a server was told to be cannot be: the message says where that was told, and why. */
public final class ConfigurationException extends PitstopException {
  private static final long serialVersionUID = 1L;

  ConfigurationException(String message) {
    super(message);
  }
}
