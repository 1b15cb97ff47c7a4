package dev.pitstop.wire;

import dev.pitstop.Filter;
import dev.pitstop.IfPresent;
import dev.pitstop.InvalidFieldException;
import dev.pitstop.Page;
import dev.pitstop.PitstopException;
import dev.pitstop.QueueStats;
import dev.pitstop.State;
import dev.pitstop.spi.Entry;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Lease;
import dev.pitstop.spi.Payload;
import dev.pitstop.spi.Progress;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import dev.pitstop.spi.Settlement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a store takes and gives, as bytes: for each thing a method that writes it and one that reads
 * it. Static and thread-safe.
 */
public final class Wire {
  private enum Kind {
    DELETE,
    MOVE,
    BURY,
    EXTEND
  }

  private Wire() {}

  /** Several of a thing. */
  public static <T> void list(Output out, List<T> things, BiConsumer<Output, T> write) {
    out.number(things.size());
    things.forEach(thing -> write.accept(out, thing));
  }

  /** Several of a thing. */
  public static <T> List<T> list(Input in, Function<Input, T> read) {
    int count = in.count();
    List<T> things = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      things.add(read.apply(in));
    }
    return things;
  }

  /** Things up to the end. */
  public static <T> List<T> rest(Input in, Function<Input, T> read) {
    List<T> things = new ArrayList<>();
    while (in.hasMore()) {
      things.add(read.apply(in));
    }
    return things;
  }

  /** A key. */
  public static void key(Output out, Key key) {
    out.text(key.queue()).text(key.id());
  }

  /** A key. */
  public static Key key(Input in) {
    return new Key(in.text(), in.text());
  }

  /** An entry, leased or not. */
  public static void entry(Output out, Entry entry) {
    key(out, entry.key());
    Payload payload = entry.payload();
    out.bytes(payload.body()).text(payload.contentType());
    out.number(payload.headers().size());
    payload.headers().forEach((name, value) -> out.text(name).text(value));
    out.nullableText(entry.schedule());
    out.word(entry.state());
    progress(out, entry.progress());
    if (entry.state() == State.LEASED) {
      Lease lease = entry.leased();
      out.number(lease.token()).millis(lease.until());
    }
  }

  /** An entry, leased or not. */
  public static Entry entry(Input in) {
    Key key = key(in);
    Payload payload = new Payload(in.bytes(), in.text(), headers(in));
    @Nullable String schedule = in.nullableText();
    State state = in.word(State.class);
    Progress progress = progress(in);
    Lease lease = state == State.LEASED ? new Lease(in.number(), in.millis()) : null;
    return new Entry(key, payload, schedule, state, progress, lease);
  }

  private static Map<String, String> headers(Input in) {
    int count = in.count();
    if (count == 0) {
      return Map.of();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      headers.put(in.text(), in.text());
    }
    return Collections.unmodifiableMap(headers);
  }

  private static void progress(Output out, Progress progress) {
    out.millis(progress.due())
        .millis(progress.scheduledFor())
        .number(progress.missed())
        .number(progress.attempts())
        .nullableText(progress.lastError());
  }

  private static Progress progress(Input in) {
    return new Progress(in.millis(), in.millis(), in.number(), in.integer(), in.nullableText());
  }

  /** A put; whether its id is unused goes unsaid, as nobody would believe it. */
  public static void put(Output out, Put put) {
    out.word(put.ifPresent());
    entry(out, put.entry());
  }

  /** A put. */
  public static Put put(Input in) {
    IfPresent ifPresent = in.word(IfPresent.class);
    Entry entry = entry(in);
    if (entry.state() == State.LEASED) {
      throw new InvalidFieldException("state", "must not be leased", entry.key());
    }
    return new Put(entry, ifPresent, false);
  }

  /** What came of a put. */
  public static void result(Output out, PutResult result) {
    if (result instanceof PutResult.Refused refused) {
      out.flag(false);
      refusal(out, refused.failure());
    } else {
      out.flag(true).word(((PutResult.Done) result).outcome());
    }
  }

  /** What came of a put. */
  public static PutResult result(Input in) {
    return in.flag()
        ? new PutResult.Done(in.word(PutResult.Outcome.class))
        : new PutResult.Refused(refusal(in));
  }

  private static void refusal(Output out, PitstopException failure) {
    if (failure instanceof InvalidFieldException field) {
      out.flag(true).chars(field.field()).chars(field.limit()).chars(field.value());
    } else {
      out.flag(false).chars(String.valueOf(failure.getMessage()));
    }
  }

  private static PitstopException refusal(Input in) {
    return in.flag()
        ? new InvalidFieldException(in.chars(), in.chars(), in.chars())
        : new PitstopException(in.chars());
  }

  /** A settlement. */
  public static void settlement(Output out, Settlement settlement) {
    out.word(kind(settlement));
    key(out, settlement.key());
    out.number(settlement.token());
    if (settlement instanceof Settlement.Move move) {
      progress(out, move.progress());
    } else if (settlement instanceof Settlement.Bury bury) {
      progress(out, bury.progress());
    } else if (settlement instanceof Settlement.Extend extend) {
      out.duration(extend.leaseTime());
    }
  }

  private static Kind kind(Settlement settlement) {
    if (settlement instanceof Settlement.Delete) {
      return Kind.DELETE;
    }
    if (settlement instanceof Settlement.Move) {
      return Kind.MOVE;
    }
    return settlement instanceof Settlement.Bury ? Kind.BURY : Kind.EXTEND;
  }

  /** A settlement. */
  public static Settlement settlement(Input in) {
    Kind kind = in.word(Kind.class);
    Key key = key(in);
    long token = in.number();
    return switch (kind) {
      case DELETE -> new Settlement.Delete(key, token);
      case MOVE -> new Settlement.Move(key, token, progress(in));
      case BURY -> new Settlement.Bury(key, token, progress(in));
      case EXTEND -> new Settlement.Extend(key, token, in.duration());
    };
  }

  /** Which messages are listed. */
  public static void filter(Output out, Filter filter) {
    out.optional(filter.state(), Output::word)
        .optional(filter.dueFrom(), Output::instant)
        .optional(filter.dueBefore(), Output::instant);
  }

  /** Which messages are listed. */
  public static Filter filter(Input in) {
    return new Filter(
        in.optional(state -> state.word(State.class)),
        in.optional(Input::instant),
        in.optional(Input::instant));
  }

  /** A page of entries. */
  public static void page(Output out, Page<Entry> page) {
    list(out, page.items(), Wire::entry);
    out.optional(page.next(), Output::chars);
  }

  /** A page of entries. */
  public static Page<Entry> page(Input in) {
    List<Entry> entries = list(in, Wire::entry);
    Optional<String> next = in.optional(Input::chars);
    return new Page<>(entries, next);
  }

  /** What a queue holds. */
  public static void stats(Output out, QueueStats stats) {
    out.text(stats.queue())
        .number(stats.scheduled())
        .number(stats.leased())
        .number(stats.buried())
        .optional(stats.nextDue(), Output::instant)
        .flag(stats.paused());
  }

  /** What a queue holds. */
  public static QueueStats stats(Input in) {
    return new QueueStats(
        in.text(), in.number(), in.number(), in.number(), in.optional(Input::instant), in.flag());
  }
}
