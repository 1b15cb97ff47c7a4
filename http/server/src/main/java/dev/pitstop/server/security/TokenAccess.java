package dev.pitstop.server.security;

import dev.pitstop.server.http.Access;
import dev.pitstop.server.http.Call;
import dev.pitstop.server.http.Problem;
import dev.pitstop.server.http.Right;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Knows callers by their tokens, which programs show as bearers and browsers as a cookie; without
 * any tokens everybody may do everything. Immutable.
 */
public final class TokenAccess implements Access {
  /** The cookie that holds a browser's token. */
  static final String COOKIE = "pitstop";

  /** The header that a page sends with what changes something; what it holds does not matter. */
  static final String CSRF_HEADER = "X-Pitstop-Csrf";

  private static final Caller NOBODY = new Caller("nobody", (right, queue) -> false);
  private static final Caller ANYBODY = new Caller("anybody", (right, queue) -> true);
  private static final TokenHash OF_NO_TOKEN = Token.random().hash();

  private final Map<String, Grant> grants = new HashMap<>();
  private final Sites sites;

  /** Knows the tokens of a server. */
  public TokenAccess(Security security) {
    security.grants().forEach(grant -> grants.put(grant.hash().id(), grant));
    sites = new Sites(security.hosts());
  }

  /** Whether tokens are asked for. */
  boolean asks() {
    return !grants.isEmpty();
  }

  /*
   * A token that is shown as a bearer tells a program: no page of someone else can add it to a
   * request. All others may come from a browser, whose user did not mean to call.
   */
  @Override
  public Caller authenticate(Call call) {
    Optional<String> authorization = call.header("Authorization");
    if (asks() && authorization.isPresent()) {
      return caller(bearer(authorization.get()).flatMap(this::grant), "Authorization");
    }
    if (call.route().right() == Right.NONE && isSafe(call)) {
      return asks() ? NOBODY : ANYBODY;
    }
    sites.check(call);
    if (!asks()) {
      return ANYBODY;
    }
    Optional<String> cookie = call.cookie(COOKIE);
    if (cookie.isPresent() && call.route().right() != Right.NONE) {
      Caller caller = caller(grant(cookie.get()), "cookie");
      if (!isSafe(call) && call.header(CSRF_HEADER).isEmpty()) {
        throw Problem.of(
                Problem.Kind.FORBIDDEN, "with a cookie, what changes something needs the header")
            .with("field", CSRF_HEADER);
      }
      return caller;
    }
    if (call.route().right() == Right.NONE) {
      return NOBODY;
    }
    throw unknown("no token was given", "Authorization");
  }

  /** What the token that a text is allows; empty when it is not known. */
  Optional<Grant> grant(String text) {
    Optional<Token> token = Token.parse(text);
    Grant grant = token.map(Token::id).map(grants::get).orElse(null);
    TokenHash hash = grant == null ? OF_NO_TOKEN : grant.hash();
    return token.filter(hash::matches).isPresent() ? Optional.ofNullable(grant) : Optional.empty();
  }

  private static Caller caller(Optional<Grant> grant, String field) {
    return grant
        .map(known -> new Caller(known.name(), known))
        .orElseThrow(() -> unknown("the token is not known", field));
  }

  private static Optional<String> bearer(String authorization) {
    boolean bearer = authorization.regionMatches(true, 0, "Bearer ", 0, 7);
    return bearer ? Optional.of(authorization.substring(7).trim()) : Optional.empty();
  }

  private static Problem unknown(String detail, String field) {
    return Problem.of(Problem.Kind.UNAUTHENTICATED, detail)
        .with("field", field)
        .header("WWW-Authenticate", "Bearer realm=\"pitstop\"");
  }

  private static boolean isSafe(Call call) {
    return call.method().equals("GET") || call.method().equals("HEAD");
  }
}
