package dev.pitstop.cli;

import dev.pitstop.MessageQueue;
import dev.pitstop.State;
import dev.pitstop.StoredMessage;
import dev.pitstop.lines.Json;
import dev.pitstop.lines.StoredMessages;
import dev.pitstop.lines.Texts;
import dev.pitstop.lines.Times;
import dev.pitstop.lines.Words;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pitstop show QUEUE ID}. */
@Command(name = "show", description = "Shows all there is about a message.")
final class ShowCommand extends QueueCommand {
  private static final int SHOWN = 4096;

  @Parameters(index = "1", paramLabel = "ID", description = "The message's id.")
  private String id = "";

  @Option(names = "--json", description = "As a JSON object in one line.")
  private boolean json;

  @Override
  ExitCode run(MessageQueue<byte[]> queue) {
    Optional<StoredMessage> found = Calls.await(queue.find(id));
    if (found.isEmpty()) {
      System.err.println("pitstop: queue " + queue.name() + " holds no message " + Texts.shown(id));
      return ExitCode.REFUSED;
    }
    try (Output out = Output.standard()) {
      if (json) {
        out.line(StoredMessages.json(queue.name(), found.get()));
      } else {
        print(found.get(), out);
      }
    }
    return ExitCode.OK;
  }

  private static void print(StoredMessage message, Output out) {
    Instant now = Instant.now();
    field(out, "id", message.id());
    field(out, "state", Words.of(message.state()));
    if (message.state() != State.BURIED) {
      field(out, "due", Times.isoAndDistance(message.due(), now));
    }
    field(out, "scheduled for", Times.isoAndDistance(message.scheduledFor(), now));
    message
        .leasedUntil()
        .ifPresent(until -> field(out, "leased until", Times.isoAndDistance(until, now)));
    message.scheduleText().ifPresent(text -> field(out, "schedule", text));
    field(out, "attempts", Integer.toString(message.attempts()));
    if (message.missed() > 0) {
      field(out, "missed", Long.toString(message.missed()));
    }
    message.lastError().ifPresent(error -> field(out, "last error", Texts.shown(error, SHOWN)));
    for (Map.Entry<String, String> header : message.headers().entrySet()) {
      field(out, "header", Texts.shown(header.getKey() + ": " + header.getValue(), SHOWN));
    }
    field(out, "content type", Texts.shown(message.contentType()));
    field(out, "body", body(message.body()));
  }

  private static String body(byte[] body) {
    return Json.isUtf8(body)
        ? Texts.shown(new String(body, StandardCharsets.UTF_8), SHOWN)
        : body.length + " bytes that are no text; --json shows them";
  }

  private static void field(Output out, String name, String value) {
    out.line(String.format("%-14s %s", name, value));
  }
}
