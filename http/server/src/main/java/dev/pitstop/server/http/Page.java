package dev.pitstop.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Pages without scripts that the server writes itself. Immutable. */
public final class Page {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
      body{max-width:28rem;margin:15vh auto;padding:0 1rem}
      label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}
      input,button{margin:.25rem 0 1rem;padding:.6rem}
      """;
  private static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + sha256(STYLE)
          + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private Page() {}

  /**
   * A page as an answer.
   *
   * @param title plain text, as all of its words
   * @param html what stands on it; nothing of it comes from outside
   */
  public static Answer answer(int status, String title, String html) {
    String page =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>%s</title>
        <style>%s</style>
        %s</html>
        """
            .formatted(title, STYLE, html);
    return Answer.text(status, "text/html; charset=utf-8", page)
        .header("Content-Security-Policy", POLICY);
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
