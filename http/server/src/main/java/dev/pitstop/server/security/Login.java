package dev.pitstop.server.security;

import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Page;
import dev.pitstop.server.http.Right;
import dev.pitstop.server.http.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a browser's user gives a token, to be kept as a cookie. Immutable.
 *
 * <p>The cookie holds the token itself: every node of a store knows it, also after a restart, and
 * it is known no longer once its hash is gone from the configuration.
 */
public final class Login {
  private static final Logger AUDIT = LoggerFactory.getLogger("pitstop.audit");

  private static final Duration LASTS = Duration.ofHours(12);
  private static final int MOST_BYTES = 1_024;

  private final TokenAccess access;

  /** Takes the tokens that are known. */
  public Login(TokenAccess access) {
    this.access = access;
  }

  /** The page, what its form leads to, and the way out. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/login", Right.NONE, Set.of(), call -> done(page(200, ""))),
        new Route("POST", "/login", Right.NONE, Set.of(), this::login),
        new Route("POST", "/logout", Right.NONE, Set.of(), call -> done(cookie(call, "", 0))));
  }

  private CompletableFuture<Answer> login(Call call) {
    return call.body(MOST_BYTES)
        .thenApply(
            body -> {
              Optional<String> token = token(new String(body, StandardCharsets.UTF_8));
              Optional<Grant> grant = token.flatMap(access::grant);
              if (access.asks() && grant.isEmpty()) {
                AUDIT.warn("login refused from={} request={}", call.remote(), call.id());
                return page(401, "This token is not known.");
              }
              grant.ifPresent(
                  who ->
                      AUDIT.info(
                          "login who=\"{}\" from={} request={}",
                          who.name(),
                          call.remote(),
                          call.id()));
              return cookie(call, token.orElse(""), LASTS.toSeconds());
            });
  }

  private static Optional<String> token(String form) {
    for (String pair : List.of(form.split("&", -1))) {
      if (pair.startsWith("token=")) {
        try {
          return Optional.of(
              URLDecoder.decode(pair.substring("token=".length()), StandardCharsets.UTF_8).trim());
        } catch (IllegalArgumentException e) {
          return Optional.empty(); // not percent-encoded, so no token of ours either
        }
      }
    }
    return Optional.empty();
  }

  /** Sets the cookie, or takes it away when it lasts no time, and leads on. */
  private static Answer cookie(Call call, String value, long seconds) {
    boolean there = Token.parse(value).isPresent();
    return Answer.empty(303)
        .header("Location", seconds == 0 ? "/login" : "/")
        .header(
            "Set-Cookie",
            TokenAccess.COOKIE
                + "="
                + (there ? value : "")
                + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
                + (there ? seconds : 0)
                + (call.secure() ? "; Secure" : ""));
  }

  private static Answer page(int status, String alert) {
    return Page.answer(
        status,
        "Pitstop",
        """
        <h1>Pitstop</h1>
        <p role="alert">%s</p>
        <form method="post" action="/login">
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required>
        <button>Log in</button>
        </form>
        """
            .formatted(alert));
  }

  private static CompletableFuture<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
