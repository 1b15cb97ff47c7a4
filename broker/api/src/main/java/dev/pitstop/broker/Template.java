package dev.pitstop.broker;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A destination that may depend on the message: a text in which {@code {header:NAME}} stands for
 * one of its headers, whose name counts in any case, and {@code {id}} for its id. What they stand
 * for is percent-encoded, so that it is one name whatever it holds: see {@link
 * BrokerAddress#names}. Immutable.
 */
public final class Template {
  private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");
  private static final String HEADER = "header:";

  private final String text;
  private final List<Function<Message<byte[]>, String>> parts = new ArrayList<>();

  private Template(String text) {
    this.text = text;
  }

  /**
   * The template that a text is.
   *
   * @throws InvalidFieldException when it has braces that stand for nothing
   */
  public static Template parse(String text) {
    Template template = new Template(text);
    Matcher braces = BRACES.matcher(text);
    int end = 0;
    while (braces.find()) {
      template.literal(text.substring(end, braces.start()));
      template.parts.add(template.variable(braces.group(1)).andThen(Template::encoded));
      end = braces.end();
    }
    template.literal(text.substring(end));
    return template;
  }

  private void literal(String part) {
    if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
      throw invalid();
    }
    if (!part.isEmpty()) {
      parts.add(message -> part);
    }
  }

  private Function<Message<byte[]>, String> variable(String name) {
    if (name.equals("id")) {
      return message ->
          message.id().orElseThrow(() -> SendException.lasting("the message has no id"));
    }
    if (!name.startsWith(HEADER) || name.length() == HEADER.length()) {
      throw invalid();
    }
    String header = name.substring(HEADER.length()).toLowerCase(Locale.ROOT);
    return message ->
        message.headers().entrySet().stream()
            .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals(header))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow(
                () ->
                    SendException.lasting(
                        "the destination " + text + " needs the header " + header));
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private InvalidFieldException invalid() {
    return new InvalidFieldException(
        "destination", "must have nothing in braces but {header:NAME} and {id}", text);
  }

  /**
   * The destination of a message.
   *
   * @throws SendException when the message lacks what it depends on
   */
  public String of(Message<byte[]> message) {
    StringBuilder destination = new StringBuilder();
    parts.forEach(part -> destination.append(part.apply(message)));
    return destination.toString();
  }

  /** The text that was given. */
  @Override
  public String toString() {
    return text;
  }
}
