package dev.pitstop.server.security;

import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Tells requests that a browser sends for a page of ours, or a program sends for itself, from those
 * that it sends for a page of someone else. Immutable.
 */
final class Sites {
  /*
   * Two ways lead from a page of someone else to a server that only its visitor reaches. The page
   * has the visitor's browser send a request here: then Sec-Fetch-Site and Origin tell. Or the name
   * of the page's own host is made to point here: then Host holds that name. A name that is an
   * address points nowhere else, and localhost is looked up by the browser itself.
   */
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[[0-9a-f:.]+\\]");

  private static final Pattern PORT = Pattern.compile(":\\d*$");

  private final Set<String> names = new TreeSet<>();

  Sites(Set<String> names) {
    names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Refuses what is not for a page of ours.
   *
   * @throws Problem then
   */
  void check(Call call) {
    String host = call.host();
    if (!isOurs(withoutPort(host))) {
      throw Problem.of(
              Problem.Kind.FORBIDDEN,
              "the server is not known by this name; what it is called is set as hosts")
          .with("field", "Host")
          .with("value", host);
    }
    call.header("Sec-Fetch-Site")
        .filter(site -> !site.equals("same-origin") && !site.equals("none"))
        .ifPresent(site -> refuse("Sec-Fetch-Site", site));
    Optional<String> origin = call.header("Origin");
    if (origin.isPresent()) {
      String own = "://" + host;
      if (!origin.get().equals("http" + own) && !origin.get().equals("https" + own)) {
        refuse("Origin", origin.get());
      }
    }
  }

  private boolean isOurs(String name) {
    return name.isEmpty() // HTTP/1.0, which no browser speaks
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || ADDRESS.matcher(name).matches()
        || names.contains(name);
  }

  private static String withoutPort(String host) {
    return PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
  }

  private static void refuse(String field, String value) {
    throw Problem.of(Problem.Kind.FORBIDDEN, "pages of other sites may not call")
        .with("field", field)
        .with("value", value);
  }
}
