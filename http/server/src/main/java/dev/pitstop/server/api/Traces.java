package dev.pitstop.server.api;

import dev.pitstop.server.http.Call;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a caller says of the trace that it is part of, as W3C Trace Context has it: kept with the
 * message, so that its emission can be part of the same. What is not well formed is as if it were
 * not there.
 */
final class Traces {
  private static final String PARENT = "traceparent";
  private static final String STATE = "tracestate";
  private static final int LONGEST_STATE = 512;

  /** Of version 00; a later one may have more behind a further dash. */
  private static final Pattern FORM =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
              + "(?:$|(?<!^00.{53})-.*)");

  private Traces() {}

  /** Adds the headers of a call to a message's own, unless those have them. */
  static void carry(Call call, Map<String, String> headers) {
    if (headers.containsKey(PARENT)) {
      return;
    }
    call.header(PARENT)
        .filter(Traces::isParent)
        .ifPresent(
            parent -> {
              headers.put(PARENT, parent);
              call.header(STATE)
                  .filter(state -> !state.isBlank() && state.length() <= LONGEST_STATE)
                  .ifPresent(state -> headers.putIfAbsent(STATE, state));
            });
  }

  static boolean isParent(String text) {
    return FORM.matcher(text).matches();
  }
}
