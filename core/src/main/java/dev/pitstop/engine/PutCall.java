package dev.pitstop.engine;

import dev.pitstop.MessageExistsException;
import dev.pitstop.PitstopException;
import dev.pitstop.StoreResult;
import dev.pitstop.Stored;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;

/** A put under way: alone, or one of a batch. */
abstract class PutCall extends WriteCombiner.Call<Write, Write.Result> {
  private static final int OVERHEAD = 200;

  private final Key key;
  private final Counters counters;

  private PutCall(Put put, Counters counters) {
    super(new Write.Putting(put));
    this.key = put.entry().key();
    this.counters = counters;
  }

  /** About how many bytes of memory a put keeps. */
  static int bytes(Put put) {
    Payload payload = put.entry().payload();
    int headers = 0;
    for (Map.Entry<String, String> header : payload.headers().entrySet()) {
      headers += header.getKey().length() + header.getValue().length();
    }
    return OVERHEAD + headers + payload.body().length;
  }

  abstract void stored(Stored stored);

  @Override
  void done(Write.Result result) {
    if (result instanceof Write.Failed failed) {
      failed(failed.failure());
      return;
    }
    PutResult put = ((Write.Placed) result).result();
    if (put instanceof PutResult.Refused refused) {
      failed(refused.failure());
      return;
    }
    switch (((PutResult.Done) put).outcome()) {
      case CREATED -> count(Stored.Outcome.CREATED);
      case REPLACED -> count(Stored.Outcome.REPLACED);
      case KEPT -> stored(new Stored(key.id(), Stored.Outcome.KEPT));
      case EXISTS -> failed(new MessageExistsException(key.queue(), key.id()));
    }
  }

  private void count(Stored.Outcome outcome) {
    counters.stored.increment();
    stored(new Stored(key.id(), outcome));
  }

  /** A put on its own. */
  static final class One extends PutCall {
    private final CompletableFuture<Stored> stored;

    /** A put; {@code alone} says whether nobody else waits for a write. */
    One(Put put, Counters counters, BooleanSupplier alone) {
      super(put, counters);
      stored = new PromptFuture<>(alone);
    }

    CompletableFuture<Stored> stored() {
      return stored;
    }

    @Override
    void stored(Stored result) {
      stored.complete(result);
    }

    @Override
    void failed(PitstopException failure) {
      stored.completeExceptionally(failure);
    }
  }

  /** The puts of one call, each with its own result. */
  static final class Batch {
    private final AtomicReferenceArray<StoreResult> results;
    private final AtomicInteger open;
    private final Counters counters;
    private final CompletableFuture<List<StoreResult>> all = new CompletableFuture<>();

    Batch(int size, Counters counters) {
      this.results = new AtomicReferenceArray<>(size);
      this.open = new AtomicInteger(size);
      this.counters = counters;
      if (size == 0) {
        all.complete(List.of());
      }
    }

    /** The put at a place of the batch. */
    PutCall call(Put put, int index) {
      return new PutCall(put, counters) {
        @Override
        void stored(Stored stored) {
          set(index, new StoreResult.Success(stored));
        }

        @Override
        void failed(PitstopException failure) {
          refuse(index, failure);
        }
      };
    }

    /** What is at a place of the batch is not put. */
    void refuse(int index, PitstopException failure) {
      set(index, new StoreResult.Failure(failure));
    }

    CompletableFuture<List<StoreResult>> results() {
      return all;
    }

    private void set(int index, StoreResult result) {
      results.set(index, result);
      if (open.decrementAndGet() == 0) {
        StoreResult[] each = new StoreResult[results.length()];
        Arrays.setAll(each, results::get);
        all.complete(List.of(each));
      }
    }
  }
}
