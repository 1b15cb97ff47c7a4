package dev.pitstop.cli;

import dev.pitstop.State;
import dev.pitstop.lines.Words;
import picocli.CommandLine.ITypeConverter;

/** A state by its word. */
final class StateConverter implements ITypeConverter<State> {
  @Override
  public State convert(String word) {
    return Words.parse("--state", State.class, word);
  }
}
