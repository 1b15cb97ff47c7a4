package dev.pitstop.cli;

import dev.pitstop.Deferral;
import dev.pitstop.MessageQueue;
import dev.pitstop.PitstopException;
import dev.pitstop.lines.Lines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads the lines of standard input and has the queue do what they ask for. */
final class Input implements Runnable {
  private final LineReader lines;
  private final MessageQueue<byte[]> queue;
  private final Refusals refusals;
  private final Progress progress;
  private final Writes<Lines.Request> writes;

  Input(LineReader lines, MessageQueue<byte[]> queue, Refusals refusals, Progress progress) {
    this.lines = lines;
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
    } catch (RuntimeException | Error e) {
      refusals.fail("not all of the input was read: " + e);
      throw e;
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
      writes.add(line.number(), bytes.length, Lines.parse(bytes));
    } catch (PitstopException e) {
      refusals.refuse(line.number(), e);
    }
  }

  private CompletableFuture<List<Optional<PitstopException>>> send(List<Lines.Request> batch) {
    List<CompletableFuture<List<Optional<PitstopException>>>> answers = new ArrayList<>();
    List<Deferral<byte[]>> puts = new ArrayList<>();
    for (Lines.Request request : batch) {
      if (request instanceof Lines.Put put) {
        puts.add(put.deferral());
      } else if (request instanceof Lines.Remove remove) {
        store(puts, answers);
        puts = new ArrayList<>();
        answers.add(remove(remove.id()));
      }
    }
    store(puts, answers);
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> answers.stream().flatMap(answer -> answer.join().stream()).toList());
  }

  private void store(
      List<Deferral<byte[]>> puts,
      List<CompletableFuture<List<Optional<PitstopException>>>> answers) {
    if (!puts.isEmpty()) {
      answers.add(queue.storeAll(puts).thenApply(Writes::failures));
    }
  }

  private CompletableFuture<List<Optional<PitstopException>>> remove(String id) {
    return queue
        .remove(id)
        .handle(
            (removed, failed) ->
                List.of(failed == null ? Optional.empty() : Optional.of(Calls.failure(failed))));
  }
}
