package dev.pitstop.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a server says of a problem is read, whatever is in its texts. */
final class ProblemTextTest {
  private static final ProblemText PROBLEM =
      new ProblemText(
          """
          {"type":"/problems/forbidden","status":403,"detail":"a \\"b\\" \\\\ \\u00e9\\ud83d\\ude00\\n$1",\
          "value":"\\"field\\":\\"not this\\"", "field" : "token"}\
          """);

  @Test
  void textsAreUnescaped() {
    assertThat(PROBLEM.member("detail")).contains("a \"b\" \\ \u00e9\uD83D\uDE00\n$1");
    assertThat(PROBLEM.member("type")).contains("/problems/forbidden");
  }

  @Test
  void whatStandsInATextIsNoMember() {
    assertThat(PROBLEM.member("field")).contains("token");
    assertThat(PROBLEM.member("status")).as("no text").isEmpty();
    assertThat(PROBLEM.member("not this")).isEmpty();
    assertThat(new ProblemText("<html>").member("detail")).isEmpty();
  }
}
