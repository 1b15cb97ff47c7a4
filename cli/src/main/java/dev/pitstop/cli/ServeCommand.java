package dev.pitstop.cli;

import dev.pitstop.server.PitstopServer;
import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.config.Configuration;
import dev.pitstop.server.config.ServerOptions;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.Option;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code pitstop serve}. */
@Command(
    name = "serve",
    description = "Serves a store over HTTP until it is told to end.",
    footer = {
      "",
      "What stands in brackets is the variable of the environment for an option, which goes before"
          + " what the file says. docs/server.md tells of the file."
    })
final class ServeCommand extends BaseCommand {
  private static final String CONFIG = "--config";
  private static final String CONFIG_VARIABLE = "PITSTOP_CONFIG";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Adds an option for each row that a server can be told. */
  static void addOptions(CommandSpec spec) {
    spec.addOption(option(CONFIG, "FILE", "Configuration file, YAML. [" + CONFIG_VARIABLE + "]"));
    for (Option<?> row : ServerOptions.all()) {
      String label = row.type().equals("true or false") ? "true|false" : row.type();
      String otherwise = row.defaultText().isEmpty() ? "" : " Default: " + row.defaultText();
      spec.addOption(
          option(
              ServerOptions.commandLine(row),
              label.toUpperCase(Locale.ROOT),
              row.doc() + otherwise + " [" + ServerOptions.environment(row) + "]"));
    }
  }

  private static OptionSpec option(String name, String label, String description) {
    OptionSpec.Builder option =
        OptionSpec.builder(name).type(String.class).paramLabel(label).description(description);
    return label.equals("TRUE|FALSE")
        ? option.arity("0..1").fallbackValue("true").build()
        : option.build();
  }

  @Override
  ExitCode run() {
    ServerSettings settings = settings();
    CountDownLatch told = new CountDownLatch(1);
    Duration longest = settings.drain().multipliedBy(2).plusSeconds(5);
    GracefulEnd end = new GracefulEnd(told::countDown, longest);
    ExitCode exit = ExitCode.REFUSED;
    try (PitstopServer server = PitstopServer.start(settings)) {
      say("pitstop: " + Address.parse(settings.store()) + " is served at " + server.address());
      told.await();
      say("pitstop: ending");
      exit = ExitCode.OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end.reached(exit);
    }
    return exit;
  }

  private ServerSettings settings() {
    ParseResult parsed = spec.commandLine().getParseResult();
    Map<String, String> given = new LinkedHashMap<>();
    for (Option<?> row : ServerOptions.all()) {
      String name = ServerOptions.commandLine(row);
      if (parsed.hasMatchedOption(name)) {
        given.put(row.name(), parsed.matchedOptionValue(name, ""));
      }
    }
    Map<String, String> environment = System.getenv();
    String file = parsed.matchedOptionValue(CONFIG, environment.getOrDefault(CONFIG_VARIABLE, ""));
    return Configuration.settings(
        given, environment, file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)));
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
