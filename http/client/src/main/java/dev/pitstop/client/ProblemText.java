package dev.pitstop.client;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A problem as a server answers it: a JSON object of which the members that are texts are wanted.
 * Immutable.
 *
 * @param json an object without objects in it
 */
record ProblemText(String json) {
  private static final String STRING = "\"((?:[^\"\\\\]|\\\\.)*+)\"";
  private static final Pattern MEMBER = Pattern.compile(STRING + "\\s*:\\s*" + STRING);
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))");

  /** A member that is a text. */
  Optional<String> member(String name) {
    Matcher members = MEMBER.matcher(json);
    while (members.find()) {
      if (members.group(1).equals(name)) {
        return Optional.of(unescaped(members.group(2)));
      }
    }
    return Optional.empty();
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    escape.group(1) != null
                        ? String.valueOf((char) Integer.parseInt(escape.group(1), 16))
                        : character(escape.group(2))));
  }

  private static String character(String escaped) {
    return switch (escaped) {
      case "n" -> "\n";
      case "r" -> "\r";
      case "t" -> "\t";
      case "b" -> "\b";
      case "f" -> "\f";
      default -> escaped;
    };
  }
}
