package dev.pitstop.broker;

import dev.pitstop.PitstopException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A message that was not passed on, or of which nobody knows whether it was. */
public final class SendException extends PitstopException {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;
  private final @Nullable Duration retryAfter;

  private SendException(
      String reason, @Nullable Throwable cause, boolean lasting, @Nullable Duration retryAfter) {
    super(reason, cause);
    this.lasting = lasting;
    this.retryAfter = retryAfter;
  }

  /** It may be confirmed when it is tried again. */
  public static SendException passing(String reason) {
    return new SendException(reason, null, false, null);
  }

  /** It may be confirmed when it is tried again. */
  public static SendException passing(String reason, @Nullable Throwable cause) {
    return new SendException(reason, cause, false, null);
  }

  /** The receiver asks for a time without another try. */
  public static SendException passing(String reason, Duration retryAfter) {
    return new SendException(reason, null, false, retryAfter);
  }

  /** It will never be taken as it is, so that trying again is of no use. */
  public static SendException lasting(String reason) {
    return new SendException(reason, null, true, null);
  }

  /** It will never be taken as it is, so that trying again is of no use. */
  public static SendException lasting(String reason, @Nullable Throwable cause) {
    return new SendException(reason, cause, true, null);
  }

  /** What a future failed with; anything but a SendException is taken to pass. */
  public static SendException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof SendException send) {
      return send;
    }
    String said = cause.getMessage();
    return passing(said == null ? cause.toString() : said, cause);
  }

  /** The reason, as the receiver gave it where it did. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  /** Whether trying again is of no use. */
  public boolean isLasting() {
    return lasting;
  }

  /** How long the receiver asks to wait before the next try. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
