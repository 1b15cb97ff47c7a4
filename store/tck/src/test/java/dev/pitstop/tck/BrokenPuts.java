package dev.pitstop.tck;

import dev.pitstop.IfPresent;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import dev.pitstop.spi.Store;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores that take messages in wrongly, each in one way. */
final class BrokenPuts {
  private BrokenPuts() {}

  /** Puts something else than what it was given. */
  static class Changing extends ForwardingStore {
    private final UnaryOperator<Entry> change;

    Changing(Store whole, UnaryOperator<Entry> change) {
      super(whole);
      this.change = change;
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      return super.put(
          puts.stream()
              .map(put -> new Put(change.apply(put.entry()), put.ifPresent(), put.unused()))
              .toList());
    }
  }

  static Store cutsTimesToSeconds(Store whole) {
    return new Changing(
        whole, entry -> at(entry, entry.progress().due().truncatedTo(ChronoUnit.SECONDS)));
  }

  static Store cutsDelaysTo31Bits(Store whole) {
    return new Changing(
        whole,
        entry -> {
          Instant last = whole.now().plusMillis(Integer.MAX_VALUE);
          return entry.progress().due().isAfter(last) ? at(entry, last) : entry;
        });
  }

  static Store keepsBodiesAsText(Store whole) {
    return new Changing(
        whole,
        entry -> {
          String text = new String(entry.payload().body(), StandardCharsets.UTF_8);
          return with(entry, text.getBytes(StandardCharsets.UTF_8), entry.payload().headers());
        });
  }

  static Store sortsHeaders(Store whole) {
    return new Changing(
        whole,
        entry -> with(entry, entry.payload().body(), new TreeMap<>(entry.payload().headers())));
  }

  static Store forgetsTheSchedule(Store whole) {
    return new Changing(
        whole,
        entry ->
            new Entry(entry.key(), entry.payload(), null, entry.state(), entry.progress(), null));
  }

  static Store forgetsHowManyWereMissed(Store whole) {
    return new Changing(
        whole,
        entry -> {
          Progress p = entry.progress();
          return progress(
              entry, new Progress(p.due(), p.scheduledFor(), 0, p.attempts(), p.lastError()));
        });
  }

  private static Entry at(Entry entry, Instant due) {
    Progress p = entry.progress();
    return progress(
        entry, new Progress(due, p.scheduledFor(), p.missed(), p.attempts(), p.lastError()));
  }

  private static Entry progress(Entry entry, Progress progress) {
    return new Entry(entry.key(), entry.payload(), entry.schedule(), entry.state(), progress, null);
  }

  private static Entry with(Entry entry, byte[] body, Map<String, String> headers) {
    Payload payload = new Payload(body, entry.payload().contentType(), headers);
    return new Entry(entry.key(), payload, entry.schedule(), entry.state(), entry.progress(), null);
  }

  /** Says of each 97th message that it was put, and forgets it. */
  static final class Forgets extends ForwardingStore {
    private final AtomicLong puts = new AtomicLong();

    Forgets(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      List<PutResult> results = new ArrayList<>();
      for (Put put : puts) {
        boolean forgotten = this.puts.incrementAndGet() % 97 == 0;
        results.add(forgotten ? PutResult.CREATED : super.put(List.of(put)).get(0));
      }
      return results;
    }
  }

  /** Looks whether an id is there, and puts afterwards. */
  static final class LooksBeforeItPuts extends ForwardingStore {
    private static final long MILLIS_FOR_ANOTHER = 200;
    private final ConcurrentMap<Key, CompletableFuture<Void>> looks = new ConcurrentHashMap<>();

    LooksBeforeItPuts(Store whole) {
      super(whole);
    }

    /** Whether the message is there; one who finds nothing waits for another who finds the same. */
    private boolean isThere(Key key) {
      boolean there = find(key).isPresent();
      if (!there) {
        CompletableFuture<Void> another = new CompletableFuture<>();
        CompletableFuture<Void> first = looks.putIfAbsent(key, another);
        if (first == null) {
          another.completeOnTimeout(null, MILLIS_FOR_ANOTHER, TimeUnit.MILLISECONDS).join();
        } else {
          first.complete(null);
        }
      }
      return there;
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      List<PutResult> results = new ArrayList<>();
      for (Put put : puts) {
        boolean there = isThere(put.entry().key());
        if (there && put.ifPresent() != IfPresent.REPLACE) {
          results.add(put.ifPresent() == IfPresent.KEEP ? PutResult.KEPT : PutResult.EXISTS);
        } else {
          super.put(List.of(new Put(put.entry(), IfPresent.REPLACE, false)));
          results.add(there ? PutResult.REPLACED : PutResult.CREATED);
        }
      }
      return results;
    }
  }

  /** Keeps the attempts and the error of what is replaced. */
  static final class KeepsAttemptsOfTheReplaced extends ForwardingStore {
    KeepsAttemptsOfTheReplaced(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      List<PutResult> results = new ArrayList<>();
      for (Put put : puts) {
        Optional<Entry> old = find(put.entry().key());
        Progress p = put.entry().progress();
        Entry entry =
            old.map(
                    e ->
                        progress(
                            put.entry(),
                            new Progress(
                                p.due(),
                                p.scheduledFor(),
                                p.missed(),
                                e.progress().attempts(),
                                e.progress().lastError())))
                .orElse(put.entry());
        results.addAll(super.put(List.of(new Put(entry, put.ifPresent(), put.unused()))));
      }
      return results;
    }
  }

  /** Lets the lease on what was replaced remove the update. */
  static final class LosesUpdates extends ForwardingStore {
    private final Map<Key, Long> replaced = new ConcurrentHashMap<>();

    LosesUpdates(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      for (Put put : puts) {
        Key key = put.entry().key();
        find(key)
            .filter(old -> old.lease() != null)
            .ifPresent(old -> replaced.put(key, old.leased().token()));
      }
      return super.put(puts);
    }

    @Override
    public List<Boolean> settle(List<Settlement> settlements) {
      List<Boolean> results = new ArrayList<>();
      for (Settlement settlement : settlements) {
        @Nullable Long stale = replaced.get(settlement.key());
        if (settlement instanceof Settlement.Delete
            && stale != null
            && stale == settlement.token()) {
          results.addAll(remove(List.of(settlement.key())));
        } else {
          results.addAll(super.settle(List.of(settlement)));
        }
      }
      return results;
    }
  }

  /** Takes ids for the same that differ in spaces at their end only. */
  static final class FoldsIds extends ForwardingStore {
    FoldsIds(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      return super.put(
          puts.stream()
              .map(
                  put -> {
                    Entry e = put.entry();
                    Entry folded =
                        new Entry(
                            fold(e.key()),
                            e.payload(),
                            e.schedule(),
                            e.state(),
                            e.progress(),
                            null);
                    return new Put(folded, put.ifPresent(), put.unused());
                  })
              .toList());
    }

    @Override
    public Optional<Entry> find(Key key) {
      return super.find(fold(key));
    }

    private static Key fold(Key key) {
      return new Key(key.queue(), key.id().stripTrailing());
    }
  }

  /** Gives one result for all of a batch. */
  static final class AnswersOnceABatch extends ForwardingStore {
    AnswersOnceABatch(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      List<PutResult> results = super.put(puts);
      return results.stream().map(result -> results.get(0)).toList();
    }
  }

  /** Says of what it has created that it was replaced. */
  static final class SaysReplaced extends ForwardingStore {
    SaysReplaced(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      return super.put(puts).stream()
          .map(result -> result.equals(PutResult.CREATED) ? PutResult.REPLACED : result)
          .toList();
    }
  }

  /** Takes an id that it had once for one that it has. */
  static final class RemembersIds extends ForwardingStore {
    private final Set<Key> had = ConcurrentHashMap.newKeySet();

    RemembersIds(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      List<PutResult> results = new ArrayList<>();
      for (Put put : puts) {
        boolean kept = !had.add(put.entry().key()) && put.ifPresent() == IfPresent.KEEP;
        results.add(kept ? PutResult.KEPT : super.put(List.of(put)).get(0));
      }
      return results;
    }
  }

  /** Takes queues for the same whose names differ in case only. */
  static final class FoldsQueues extends ForwardingStore {
    FoldsQueues(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      return super.put(
          puts.stream()
              .map(
                  put -> {
                    Entry e = put.entry();
                    Key key = new Key(e.key().queue().toLowerCase(Locale.ROOT), e.key().id());
                    Entry folded =
                        new Entry(key, e.payload(), e.schedule(), e.state(), e.progress(), null);
                    return new Put(folded, put.ifPresent(), put.unused());
                  })
              .toList());
    }
  }

  /** Has nothing to do for an empty batch and says so. */
  static final class RefusesEmptyBatches extends ForwardingStore {
    RefusesEmptyBatches(Store whole) {
      super(whole);
    }

    @Override
    public List<PutResult> put(List<Put> puts) {
      if (puts.isEmpty()) {
        throw new AssertionError("an empty batch");
      }
      return super.put(puts);
    }
  }
}
