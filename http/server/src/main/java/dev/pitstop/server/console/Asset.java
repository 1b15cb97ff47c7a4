package dev.pitstop.server.console;

import dev.pitstop.server.http.Answer;
import dev.pitstop.server.http.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/**
 * A file as it is served: plain or compressed, and not at all to who has it already. Immutable.
 *
 * @param contentType its media type
 * @param tag tells its content from any other
 * @param plain its bytes, not to be changed
 * @param compressed the same by gzip
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Asset(String contentType, String tag, byte[] plain, byte[] compressed) {

  static Asset of(String contentType, String tag, byte[] bytes) {
    return new Asset(contentType, '"' + tag + '"', bytes, gzip(bytes));
  }

  /** What is answered to a call for it. */
  Answer answer(Call call, String caching) {
    boolean known = call.header("If-None-Match").filter(tags -> tags.contains(tag)).isPresent();
    boolean gzip = call.header("Accept-Encoding").filter(all -> all.contains("gzip")).isPresent();
    Answer answer =
        known ? Answer.empty(304) : Answer.of(200, contentType, gzip ? compressed : plain);
    return (gzip && !known ? answer.header("Content-Encoding", "gzip") : answer)
        .header("ETag", tag)
        .header("Cache-Control", caching)
        .header("Vary", "Accept-Encoding")
        .header("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
