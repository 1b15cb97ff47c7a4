package dev.pitstop.cli;

import dev.pitstop.server.security.Token;
import picocli.CommandLine.Command;

/** {@code pitstop token}. */
@Command(
    name = "token",
    description = "Makes a token for callers of a server, and the hash that the server is given.")
final class TokenCommand extends BaseCommand {
  @Override
  ExitCode run() {
    Token token = Token.random();
    try (Output out = Output.standard()) {
      out.line("token " + token.text());
      out.line("hash  " + token.hash().text());
    }
    return ExitCode.OK;
  }
}
