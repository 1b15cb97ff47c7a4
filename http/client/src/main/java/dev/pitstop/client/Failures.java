package dev.pitstop.client;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreUnavailableException;
import dev.pitstop.wire.StoreCall;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong with a call into what a store throws. Immutable. */
final class Failures {
  private final Server server;

  Failures(Server server) {
    this.server = server;
  }

  /** An answer that is none of a store. */
  PitstopException answered(StoreCall call, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (!type.equals("application/problem+json")) {
      return status == 429 || status >= 500
          ? new StoreUnavailableException(server + " answered " + status + " to " + call.path())
          : new StoreUnavailableException(
              server
                  + " is no Pitstop server: it answered "
                  + status
                  + (type.isEmpty() ? "" : " with " + type)
                  + " to "
                  + call.path());
    }
    ProblemText problem = new ProblemText(new String(response.body(), StandardCharsets.UTF_8));
    String detail = problem.member("detail").orElse("it did not say why");
    return switch (status) {
      case 401 -> new PitstopException(server + " wants a token that it knows: " + detail);
      case 403 -> new PitstopException(server + " refuses: " + detail + ofQueue(problem));
      case 404 ->
          new StoreUnavailableException(
              server + " does not know " + call.path() + "; it must be of this version or later");
      case 415 ->
          new StoreUnavailableException(
              server
                  + " is of another version: "
                  + detail
                  + ", this client sends "
                  + StoreCall.MEDIA_TYPE);
      case 408, 429 -> new StoreUnavailableException(server + " refuses for now: " + detail);
      case 400, 413, 422 -> refused(problem, detail);
      default -> new StoreUnavailableException(server + " answered " + status + ": " + detail);
    };
  }

  private static String ofQueue(ProblemText problem) {
    return problem.member("queue").map(queue -> " in queue " + queue).orElse("");
  }

  private PitstopException refused(ProblemText problem, String detail) {
    Optional<String> field = problem.member("field");
    Optional<String> limit = problem.member("limit");
    return field.isPresent() && limit.isPresent()
        ? new InvalidFieldException(field.get(), limit.get(), problem.member("value").orElse(""))
        : new PitstopException(server + " refuses: " + detail);
  }

  /** An answer that did not come, or not as a whole. */
  StoreUnavailableException broken(Throwable failure) {
    String what =
        failure instanceof ConnectException ? " cannot be reached: " : " gave no whole answer: ";
    return new StoreUnavailableException(server + what + why(failure), failure);
  }

  /** An answer that did not come in time. */
  StoreUnavailableException late() {
    return new StoreUnavailableException(server + " gave no answer within " + server.timeout());
  }

  /** A call that was not made. */
  StoreUnavailableException closed() {
    return new StoreUnavailableException("the store at " + server + " is closed");
  }

  private static String why(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = next(cause)) {
      if (cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    return failure.getClass().getSimpleName();
  }

  private static @Nullable Throwable next(Throwable failure) {
    return failure.getCause();
  }
}
