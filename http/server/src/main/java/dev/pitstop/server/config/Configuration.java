package dev.pitstop.server.config;

import dev.pitstop.server.ServerSettings;
import dev.pitstop.server.api.Bounds;
import dev.pitstop.server.http.Limits;
import dev.pitstop.server.http.Pem;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Tls;
import dev.pitstop.server.http.Web;
import dev.pitstop.server.security.Grant;
import dev.pitstop.server.security.QueuePattern;
import dev.pitstop.server.security.Security;
import dev.pitstop.server.security.TokenHash;
import dev.pitstop.server.webhook.Webhooks;
import dev.pitstop.spi.Option;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a server was told: on the command line, else in the environment, else in a file. For one
 * thread.
 */
public final class Configuration {
  private static final String TOKENS = "tokens";
  private static final String QUEUES = "queues";
  private static final List<String> RIGHTS =
      Stream.of(Right.VIEW, Right.STORE, Right.CONSUME, Right.ADMIN).map(Right::word).toList();

  private final Map<String, String> commandLine;
  private final Map<String, String> environment;
  private final Optional<YamlMap> file;

  private Configuration(
      Map<String, String> commandLine, Map<String, String> environment, Optional<YamlMap> file) {
    this.commandLine = commandLine;
    this.environment = environment;
    this.file = file;
  }

  /**
   * The settings of a server.
   *
   * @param commandLine what the command line says, by the names of options
   * @param environment the variables of the environment
   * @param file the configuration file; empty for none
   * @throws ConfigurationException when something is not known or out of bounds
   */
  public static ServerSettings settings(
      Map<String, String> commandLine, Map<String, String> environment, Optional<Path> file) {
    Optional<YamlMap> read =
        file.map(path -> YamlMap.read(path, environment))
            .map(
                map ->
                    map.only(
                        Stream.concat(
                                ServerOptions.all().stream().map(Option::name),
                                Stream.of(TOKENS, QUEUES))
                            .toList()));
    return new Configuration(commandLine, environment, read).settings();
  }

  private ServerSettings settings() {
    return new ServerSettings(
        get(ServerOptions.STORE),
        number(ServerOptions.MAX_BODY),
        new Bounds(
            number(ServerOptions.MAX_BATCH_BYTES),
            number(ServerOptions.MAX_BATCH_LINES),
            number(ServerOptions.MAX_IDEMPOTENCY_KEYS)),
        new Web.Settings(get(ServerOptions.HOST), number(ServerOptions.PORT), tls(), limits()),
        security(),
        queues(),
        targets(),
        get(ServerOptions.DRAIN_TIMEOUT));
  }

  private Webhooks.Settings targets() {
    String ca = get(ServerOptions.TARGET_CA);
    return new Webhooks.Settings(
        get(ServerOptions.ALLOW_PRIVATE_TARGETS),
        ca.isEmpty() ? List.of() : Pem.certificates(Path.of(ca)));
  }

  private Limits limits() {
    return new Limits(
        number(ServerOptions.MAX_CONNECTIONS),
        number(ServerOptions.MAX_REQUESTS),
        number(ServerOptions.MAX_HEADER_BYTES),
        number(ServerOptions.MAX_HEADERS),
        get(ServerOptions.MAX_BODIES),
        get(ServerOptions.IDLE_TIMEOUT),
        get(ServerOptions.REQUEST_TIMEOUT));
  }

  private Optional<Tls> tls() {
    String certificate = get(ServerOptions.TLS_CERTIFICATE);
    String key = get(ServerOptions.TLS_KEY);
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new ConfigurationException("tlsCertificate and tlsKey must be given both, or neither");
    }
    return certificate.isEmpty()
        ? Optional.empty()
        : Optional.of(new Tls(Path.of(certificate), Path.of(key), get(ServerOptions.TLS_RELOAD)));
  }

  private Security security() {
    List<Grant> grants = new ArrayList<>();
    Value admin = value(ServerOptions.ADMIN_TOKEN_HASH);
    if (!admin.text().isEmpty()) {
      grants.add(admin.as(() -> Grant.admin("admin", TokenHash.parse(admin.text()))));
    }
    file.flatMap(map -> map.map(TOKENS))
        .ifPresent(tokens -> tokens.keys().forEach(name -> grants.add(grant(tokens, name))));
    Set<String> hosts = new LinkedHashSet<>();
    for (String host : List.of(get(ServerOptions.HOSTS).split(",", -1))) {
      if (!host.isBlank()) {
        hosts.add(host.strip());
      }
    }
    String place = file.map(map -> map.place(TOKENS)).orElse("tokens");
    return Value.plain("one of several", place)
        .as(() -> new Security(grants, hosts, get(ServerOptions.OPEN_TO_ALL)));
  }

  private static Grant grant(YamlMap tokens, String name) {
    String place = tokens.place(name);
    YamlMap token = tokens.map(name).orElseThrow().only(List.of("hash", "may"));
    Value hash =
        token
            .text("hash")
            .orElseThrow(() -> new ConfigurationException(place + ": hash must be given"));
    YamlMap may =
        token
            .map("may")
            .orElseThrow(() -> new ConfigurationException(place + ": may must be given"))
            .only(RIGHTS);
    Map<Right, List<QueuePattern>> rights = new EnumMap<>(Right.class);
    for (Right right : Right.values()) {
      List<QueuePattern> queues =
          may.texts(right.word()).stream()
              .map(text -> text.as(() -> new QueuePattern(text.text())))
              .toList();
      if (!queues.isEmpty()) {
        rights.put(right, queues);
      }
    }
    TokenHash parsed = hash.as(() -> TokenHash.parse(hash.text()));
    return Value.plain(name, place).as(() -> new Grant(name, parsed, rights));
  }

  private List<QueueSettings> queues() {
    List<QueueSettings> all = new ArrayList<>();
    file.flatMap(map -> map.map(QUEUES))
        .ifPresent(
            queues ->
                queues
                    .keys()
                    .forEach(
                        key ->
                            all.add(
                                QueueOptions.read(
                                    key, queues.place(key), queues.map(key).orElseThrow()))));
    return all;
  }

  private <T> T get(Option<T> option) {
    return value(option).as(option);
  }

  private int number(Option<Long> option) {
    return Math.toIntExact(get(option));
  }

  private Value value(Option<?> option) {
    String given = commandLine.get(option.name());
    if (given != null) {
      return Value.plain(given, ServerOptions.commandLine(option));
    }
    String variable = ServerOptions.environment(option);
    String set = environment.get(variable);
    if (set != null) {
      return Value.plain(set, variable);
    }
    return file.flatMap(map -> map.text(option.name()))
        .orElseGet(() -> Value.plain(option.defaultText(), "default"));
  }
}
