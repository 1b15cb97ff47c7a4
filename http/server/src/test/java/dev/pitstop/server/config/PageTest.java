package dev.pitstop.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.security.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/server.md says what is so. */
final class PageTest {
  private static final Path PAGE = Path.of("../../docs/server.md");

  @TempDir private Path directory;

  @Test
  void theFileOnThePageIsUnderstood() throws IOException {
    String page = Files.readString(PAGE);
    Matcher block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).isTrue();
    Path file = directory.resolve("pitstop.yaml");
    String hash = Token.random().hash().text(); // the page's is shortened
    Files.writeString(file, block.group(1).replaceAll("sha256:\\S+", hash));

    ServerSettings settings =
        Configuration.settings(Map.of(), Map.of("DB_PASSWORD", "x"), Optional.of(file));

    assertThat(settings.security().grants().get(0).allow(Right.STORE, "mail-in")).isTrue();
    assertThat(QueueSettings.options(settings.queues(), "orders").retry().maxAttempts())
        .isEqualTo(10);
  }

  @Test
  void everyOptionThatThePageNamesIsThere() throws IOException {
    Matcher bounds =
        Pattern.compile("(?m)^\\| [^|`]+ \\| (`\\w+`(?:, `\\w+`)*) \\| ")
            .matcher(Files.readString(PAGE));
    int found = 0;
    while (bounds.find()) {
      for (String name : bounds.group(1).replace("`", "").split(", ", -1)) {
        assertThat(ServerOptions.all()).extracting(option -> option.name()).contains(name);
        found++;
      }
    }
    assertThat(found).isGreaterThan(8);
  }
}
