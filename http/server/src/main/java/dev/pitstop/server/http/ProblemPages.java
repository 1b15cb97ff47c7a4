package dev.pitstop.server.http;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The pages that the types of problems lead to: what each means, and what to do. Immutable. */
public final class ProblemPages {
  private ProblemPages() {}

  /** The route of all of them. */
  public static List<Route> routes() {
    return List.of(new Route("GET", "/problems/{type}", Right.NONE, Set.of(), ProblemPages::show));
  }

  private static CompletableFuture<Answer> show(Call call) {
    String slug = call.name("type");
    Problem.Kind kind =
        Arrays.stream(Problem.Kind.values())
            .filter(one -> one.slug().equals(slug))
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(Problem.Kind.NOT_FOUND, "there is no such type of problem")
                        .with("value", slug));
    String html =
        "<h1>"
            + kind.title()
            + "</h1>\n<p><code>"
            + kind.slug()
            + "</code>, status "
            + kind.status()
            + "</p>\n<p>"
            + explanation(kind)
            + "</p>\n";
    return CompletableFuture.completedFuture(
        Page.answer(200, kind.title(), html).header("Cache-Control", "no-cache"));
  }

  /** What a kind means and what to do, as HTML. */
  private static String explanation(Problem.Kind kind) {
    return switch (kind) {
      case BAD_REQUEST ->
          "What arrived is not HTTP as this port takes it: a malformed request line or header, or"
              + " plain HTTP where TLS is spoken. Look at the address and at the program that sent"
              + " it; sending the same again changes nothing.";
      case UNAUTHENTICATED ->
          "No token came with the request, or one that this server does not know. Send"
              + " <code>Authorization: Bearer pst_…</code> with a token whose hash stands in the"
              + " server's configuration; a changed configuration counts after a restart. A browser"
              + " <a href=\"/login\">logs in</a> again.";
      case FORBIDDEN ->
          "The token is known, but does not give the right that <code>limit</code> names in that"
              + " queue; or the queue is the servers' own; or the request came from a page of"
              + " another site, or by a name that is not among <code>hosts</code>. Ask whoever"
              + " configures the server for the right.";
      case NOT_FOUND ->
          "There is no such path, or nothing stands there. A message that is not there was acked,"
              + " removed or never stored; which of these cannot be told.";
      case METHOD_NOT_ALLOWED ->
          "The path is right, the method is not. The header <code>Allow</code> names those that it"
              + " takes.";
      case REQUEST_TIMEOUT ->
          "The request did not arrive as a whole within the server's <code>requestTimeout</code>."
              + " Nothing was done. Send it again, over a better connection or in smaller parts.";
      case EXISTS ->
          "A message of that id is there, and <code>ifPresent</code> is <code>fail</code>. Nothing"
              + " was changed. Take another id, or <code>keep</code> or <code>replace</code>.";
      case IDEMPOTENCY_RUNNING ->
          "A request with the same <code>Idempotency-Key</code> is still being done. Send it again"
              + " after <code>Retry-After</code>; it is then answered as the first was.";
      case WRONG_STATE ->
          "The message does not stand as the request needs it: only a buried one is requeued, and a"
              + " leased one is left alone. <code>value</code> is its state. Look at it, and decide"
              + " anew.";
      case CONFIGURED ->
          "The server's configuration has what the request would change, and goes before what is set"
              + " through the API. Nothing was changed. Have the configuration changed, or take it"
              + " out there.";
      case UNREADABLE ->
          "What the store keeps under that name is damaged, or was written by a later version."
              + " Nothing was done with it. Put it anew, or remove it.";
      case PRECONDITION_FAILED ->
          "The request asked to store only if nothing of that id is there"
              + " (<code>If-None-Match: *</code>), and something is. Nothing was changed.";
      case BODY_TOO_LARGE ->
          "The body has more bytes or lines than <code>limit</code>. Nothing was done. Part a batch"
              + " in several; keep a large body elsewhere and store where it is; or have"
              + " <code>maxBody</code> or <code>maxBatchBytes</code> raised.";
      case UNSUPPORTED_MEDIA_TYPE ->
          "The body is of a media type that is not understood here. See"
              + " <a href=\"/v1/openapi.json\">the description</a> for what the path takes.";
      case INVALID_FIELD ->
          "The field, parameter or header that <code>field</code> names is out of bounds:"
              + " <code>value</code> was given, <code>limit</code> says what it must keep to."
              + " Nothing was done. Correct it; sending the same again changes nothing.";
      case UNKNOWN_FIELD ->
          "There is no field, parameter or header of that name; the nearest one is named, as it is"
              + " often a slip. Nothing was done.";
      case IDEMPOTENCY_REUSED ->
          "The <code>Idempotency-Key</code> came with another request before. Nothing was done."
              + " Give each request a key of its own, and the same one only when it is repeated.";
      case RATE_LIMITED ->
          "The server has as much at hand as it takes at once. Nothing was done. Send it again after"
              + " <code>Retry-After</code>, and fewer at a time.";
      case HEADERS_TOO_LARGE ->
          "Request line and headers are larger, or more, than <code>limit</code>. Headers of a"
              + " message are meant for a few words; what is longer belongs into its body.";
      case INTERNAL ->
          "The server failed in a way that it was not made for; that is a fault of the server. Its"
              + " log has the reason under the <code>requestId</code>. Whether something was done is"
              + " not known; a request with an id of its own can be repeated safely.";
      case NOT_SUPPORTED ->
          "The request asks for something that this server cannot promise, and does not pretend to:"
              + " a change only if a message is still what was read (<code>If-Match</code>,"
              + " <code>If-Unmodified-Since</code>). Nothing was done. Send it without that header,"
              + " or store only if absent, with <code>If-None-Match: *</code>.";
      case STORE_AWAY ->
          "The store behind the server did not answer in time. What was asked for may have been done"
              + " or not. Send it again after <code>Retry-After</code>: with an id of its own, or an"
              + " <code>Idempotency-Key</code>, nothing is stored twice.";
      case DRAINING ->
          "This server is stopping and takes nothing new. Nothing was done. Send it again, to"
              + " another node or after <code>Retry-After</code>.";
    };
  }
}
