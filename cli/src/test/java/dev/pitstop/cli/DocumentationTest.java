package dev.pitstop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.lines.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** docs/cli.md says what is so. */
class DocumentationTest {
  private static final Path PAGE = Path.of("../docs/cli.md");
  private static final Pattern LINES = Pattern.compile("```jsonl\n(.*?)```", Pattern.DOTALL);

  @Test
  void theLinesOfThePageAreUnderstoodButTheLast() throws IOException {
    Matcher block = LINES.matcher(Files.readString(PAGE));
    assertThat(block.find()).isTrue();
    List<String> lines = block.group(1).lines().toList();

    lines.subList(0, lines.size() - 1).forEach(line -> Lines.parse(line.getBytes(UTF_8)));
    assertThatThrownBy(() -> Lines.parse(lines.get(lines.size() - 1).getBytes(UTF_8)))
        .hasMessage("unknown field inn, did you mean in?");
  }

  @Test
  void everyCommandIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(new CommandLine(new Main()).getSubcommands().keySet())
        .allSatisfy(name -> assertThat(page).containsPattern("(bin/pitstop|##) " + name));
  }
}
