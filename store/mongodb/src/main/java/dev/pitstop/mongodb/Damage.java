package dev.pitstop.mongodb;

import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** What of a document cannot be read, where somebody has changed it by hand. */
final class Damage {
  /** Those that leasing goes by, and counts up. */
  private static final List<String> NUMBERS = List.of(Fields.SEQ, Fields.TOKEN, Fields.ATTEMPTS);

  private Damage() {}

  /** Why a document cannot even be leased; null where it can. */
  static @Nullable String ofNumbers(BsonDocument document) {
    for (String field : NUMBERS) {
      if (document.containsKey(field) && !document.isNumber(field)) {
        return noNumber(field);
      }
    }
    return null;
  }

  /** What of a leased document cannot be read; null where all can. */
  static @Nullable String of(BsonDocument document) {
    BsonValue missed = document.get(Fields.MISSED);
    return missed == null || missed.isNumber() ? Bodies.damage(document) : noNumber(Fields.MISSED);
  }

  private static String noNumber(String field) {
    return field + " cannot be read: it must be a number";
  }
}
