package dev.pitstop.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/** The Java that a page shows, held against the test that runs it. */
final class Snippets {
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

  private Snippets() {}

  /** Every statement of a page's snippets stands in a test of this package. */
  static void areIn(String page, Class<?> test) {
    String path = "checks/src/test/java/" + test.getName().replace('.', '/') + ".java";
    List<String> run = code(Project.read(path));
    List<String> shown =
        JAVA.matcher(Project.read(page)).results().map(match -> match.group(1)).toList();
    assertThat(shown).isNotEmpty();
    for (String snippet : shown) {
      assertThat(run).containsAll(code(snippet));
    }
  }

  /** Statements without their layout and comments. */
  private static List<String> code(String text) {
    return Pattern.compile("[;{}]")
        .splitAsStream(text.replaceAll("//[^\n]*", ""))
        .map(statement -> statement.replaceAll("\\s+", ""))
        .filter(statement -> !statement.isEmpty())
        .toList();
  }
}
