package dev.pitstop.cli;

import dev.pitstop.Deferral;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads the lines of standard input and has the queue do what they ask for. */
final class Input implements Runnable {
  private final LineReader lines;
  private final MessageQueue<byte[]> queue;
  private final Refusals refusals;
  private final Progress progress;
  private final Writes<Lines.Request> writes;

  Input(InputStream in, MessageQueue<byte[]> queue, Refusals refusals, Progress progress) {
    this.lines = new LineReader(in);
    this.queue = queue;
    this.refusals = refusals;
    this.progress = progress;
    this.writes = new Writes<>(this::send, refusals);
  }

  /** Runs until the input or the pipe ends. Lines read by then are stored. */
  @Override
  public void run() {
    try {
      while (true) {
        boolean waits = !(progress.stopping() ? lines.buffered() : lines.ready());
        if (waits) {
          writes.flush();
          if (!progress.rest()) {
            break;
          }
        }
        LineReader.Line line = lines.next();
        if (line == null || (waits && !progress.resume())) {
          break;
        }
        take(line);
      }
    } catch (IOException e) {
      refusals.fail("standard input: " + e.getMessage());
    } finally {
      writes.finish();
      progress.inputEnded();
    }
  }

  private void take(LineReader.Line line) {
    if (line.blank()) {
      return;
    }
    try {
      byte[] bytes = line.content();
      Lines.Request request = Lines.parse(bytes);
      writes.add(line.number(), idOf(request), bytes.length, request);
    } catch (PitstopException e) {
      refusals.refuse(line.number(), e);
    }
  }

  private static @Nullable String idOf(Lines.Request request) {
    return request instanceof Lines.Put put
        ? put.deferral().message().id().orElse(null)
        : ((Lines.Remove) request).id();
  }

  private CompletableFuture<List<Optional<PitstopException>>> send(List<Lines.Request> batch) {
    List<Deferral<byte[]>> puts = new ArrayList<>();
    List<CompletableFuture<Optional<PitstopException>>> answers = new ArrayList<>();
    for (Lines.Request request : batch) {
      if (request instanceof Lines.Put put) {
        puts.add(put.deferral());
      }
    }
    CompletableFuture<List<Optional<PitstopException>>> stored =
        puts.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : queue.storeAll(puts).thenApply(Writes::failures);
    int put = 0;
    for (Lines.Request request : batch) {
      if (request instanceof Lines.Remove remove) {
        answers.add(
            queue
                .remove(remove.id())
                .handle(
                    (removed, failed) ->
                        failed == null ? Optional.empty() : Optional.of(Calls.failure(failed))));
      } else {
        int index = put++;
        answers.add(stored.thenApply(failures -> failures.get(index)));
      }
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
  }
}
