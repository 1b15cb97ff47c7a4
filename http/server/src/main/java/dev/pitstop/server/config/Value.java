package dev.pitstop.server.config;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.lines.Texts;
import dev.pitstop.spi.Option;
import java.util.function.Supplier;

/**
 * A text that something is set to. Immutable.
 *
 * @param text the text itself; may be a secret
 * @param shown what may be shown of it
 * @param place where it was set, for errors
 */
record Value(String text, String shown, String place) {
  /** One that is no secret. */
  static Value plain(String text, String place) {
    return new Value(text, text, place);
  }

  /** The value of an option. */
  <T> T as(Option<T> option) {
    return as(() -> option.parser().apply(text));
  }

  /** What is made of the text; a refusal says where it was set, and no secret. */
  <T> T as(Supplier<T> made) {
    try {
      return made.get();
    } catch (InvalidFieldException e) {
      throw new ConfigurationException(
          place + ": " + e.field() + " " + e.limit() + ", was " + Texts.shown(shown));
    }
  }

  @Override
  public String toString() {
    return shown;
  }
}
