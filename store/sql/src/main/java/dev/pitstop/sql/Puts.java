package dev.pitstop.sql;

import dev.pitstop.IfPresent;
import dev.pitstop.PitstopException;
import dev.pitstop.spi.HeldException;
import dev.pitstop.spi.Key;
import dev.pitstop.spi.Put;
import dev.pitstop.spi.PutResult;
import java.sql.SQLException;
import java.util.List;

/** How puts are parted, and what is said of them. */
final class Puts {
  private Puts() {}

  /**
   * The parting of a call. A put of an id made for it is a plain insert only where the call has no
   * others, so that batches need not change where kinds do.
   */
  static Batch.Parting<Put, Dialect.PutKind> parting(List<Put> call) {
    boolean plain = call.stream().allMatch(Put::unused);
    return new Batch.Parting<>(
        put -> put.entry().key(), put -> kind(put, plain), Puts::bytes, true);
  }

  static Dialect.PutKind kind(Put put, boolean plain) {
    if (plain) {
      return Dialect.PutKind.INSERT;
    }
    return put.unused() || put.ifPresent() == IfPresent.REPLACE
        ? Dialect.PutKind.REPLACE
        : Dialect.PutKind.KEEP;
  }

  private static int bytes(Put put) {
    return put.entry().payload().body().length;
  }

  /** What is said of a put whose key was there. */
  static PutResult there(IfPresent ifPresent) {
    return switch (ifPresent) {
      case REPLACE -> PutResult.REPLACED;
      case KEEP -> PutResult.KEPT;
      case FAIL -> PutResult.EXISTS;
    };
  }

  /** What is said of a put that alone was not carried out. */
  static PutResult refused(Put put, boolean held, SQLException why) {
    Key key = put.entry().key();
    return new PutResult.Refused(
        held
            ? held(key, why)
            : new PitstopException(key + " was refused by the database: " + why.getMessage(), why));
  }

  /** That an operation was not carried out, as another transaction has its message. */
  static HeldException held(Key key, SQLException why) {
    return new HeldException(key + " is held by an open transaction: " + why.getMessage(), why);
  }
}
