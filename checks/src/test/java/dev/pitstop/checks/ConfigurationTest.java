package dev.pitstop.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitstop.server.config.QueueOptions;
import dev.pitstop.server.config.ServerOptions;
import dev.pitstop.spi.AddressOptions;
import dev.pitstop.spi.Option;
import dev.pitstop.spi.StoreFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/configuration.md has a row for each option there is, and no other. */
class ConfigurationTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `.*$");

  private static String row(Option<?> option) {
    return String.format(
        "| `%s` | %s | `%s` | %s |",
        option.name(), option.type(), option.defaultText(), option.doc());
  }

  @Test
  void theRowsAreThoseOfTheOptions() {
    List<String> rows = new ArrayList<>();
    AddressOptions.all().forEach(option -> rows.add(row(option)));
    for (StoreFactory factory : ServiceLoader.load(StoreFactory.class)) {
      factory.options().forEach(option -> rows.add(row(option)));
    }
    ServerOptions.all().forEach(option -> rows.add(row(option)));
    QueueOptions.all().forEach(option -> rows.add(row(option)));
    assertThat(
            ROW.matcher(Project.read("docs/configuration.md"))
                .results()
                .map(match -> match.group())
                .toList())
        .containsExactlyInAnyOrderElementsOf(rows);
  }
}
