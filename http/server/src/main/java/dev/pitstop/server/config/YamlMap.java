package dev.pitstop.server.config;

import dev.pitstop.lines.Nearest;
import dev.pitstop.lines.Texts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A map of a YAML file whose keys are known, and where each stands. Immutable.
 *
 * <p>A text may hold <code>${NAME}</code>, which stands for an environment variable; a map {@code
 * file: PATH} in place of a text stands for what a file holds, without the line's end.
 */
final class YamlMap {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
  private static final long LARGEST_FILE = 1L << 20;

  private final Path file;
  private final Map<String, String> environment;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final int line;

  private YamlMap(Path file, Map<String, String> environment, MappingNode map) {
    this.file = file;
    this.environment = environment;
    line = line(map);
    for (NodeTuple entry : map.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        throw wrong(entry.getKeyNode(), "a key must be a text");
      }
      if (nodes.put(key.getValue(), entry.getValueNode()) != null) {
        throw wrong(key, key.getValue() + " must be given once only");
      }
    }
  }

  /**
   * The map that a file is.
   *
   * @throws ConfigurationException when it is none
   */
  static YamlMap read(Path file, Map<String, String> environment) {
    String text = content(file, file.toString());
    try {
      Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(text);
      MappingNode empty = new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
      return new YamlMap(file, environment, map(file, root.orElse(empty), "the file"));
    } catch (MarkedYamlEngineException e) {
      // its own message quotes the file, where secrets may stand
      int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
      throw new ConfigurationException(file + ", line " + line + ": " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new ConfigurationException(file + " is not YAML");
    }
  }

  /** Refuses keys that are not known. */
  YamlMap only(List<String> known) {
    nodes.forEach(
        (key, node) -> {
          if (!known.contains(key)) {
            throw wrong(node, "unknown key " + Texts.shown(key) + Nearest.hint(key, known));
          }
        });
    return this;
  }

  /** The keys that are there. */
  Set<String> keys() {
    return nodes.keySet();
  }

  /** Where a key stands; where the map does, when it is not there. */
  String place(String key) {
    Node node = nodes.get(key);
    return file + ", line " + (node == null ? line : line(node));
  }

  /** The map of a key. */
  Optional<YamlMap> map(String key) {
    Node node = nodes.get(key);
    return node == null
        ? Optional.empty()
        : Optional.of(new YamlMap(file, environment, map(file, node, key)));
  }

  /** The text of a key; that of a list has commas between its texts. */
  Optional<Value> text(String key) {
    Node node = nodes.get(key);
    if (node instanceof SequenceNode) {
      List<Value> all = texts(key);
      return Optional.of(
          Value.plain(String.join(",", all.stream().map(Value::text).toList()), place(key)));
    }
    return Optional.ofNullable(node).map(there -> text(key, there));
  }

  /** The texts of a key that is a list, or one text. */
  List<Value> texts(String key) {
    Node node = nodes.get(key);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode list)) {
      return List.of(text(key, node));
    }
    List<Value> texts = new ArrayList<>();
    list.getValue().forEach(item -> texts.add(text(key, item)));
    return texts;
  }

  private Value text(String key, Node node) {
    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      String written = scalar.getValue();
      return new Value(expanded(written, node), written, file + ", line " + line(node));
    }
    if (node instanceof MappingNode map) {
      YamlMap from = new YamlMap(file, environment, map).only(List.of("file"));
      Value path = from.text("file").orElseThrow(() -> wrong(node, key + " must be a text"));
      Path secret = file.toAbsolutePath().resolveSibling(path.text());
      return new Value(
          content(secret, path.place() + ": " + secret).strip(),
          "what " + path.text() + " holds",
          path.place());
    }
    throw wrong(node, key + " must be a text");
  }

  private String expanded(String written, Node node) {
    Matcher variable = VARIABLE.matcher(written);
    return variable.replaceAll(
        found -> {
          String value = environment.get(found.group(1));
          if (value == null) {
            throw wrong(node, "the environment variable " + found.group(1) + " is not set");
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private static MappingNode map(Path file, Node node, String key) {
    if (node instanceof MappingNode map) {
      return map;
    }
    throw new ConfigurationException(
        file + ", line " + line(node) + ": " + key + " must be a map of keys to values");
  }

  private static String content(Path path, String named) {
    try {
      if (Files.size(path) > LARGEST_FILE) {
        throw new ConfigurationException(named + " must be at most " + LARGEST_FILE + " bytes");
      }
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ConfigurationException(named + " cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private ConfigurationException wrong(Node node, String why) {
    return new ConfigurationException(file + ", line " + line(node) + ": " + why);
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }
}
