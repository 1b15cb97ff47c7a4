package dev.pitstop.mongodb;

/**
 * The fields of a message's document. Those of the Clojure Pitstop keep their names; a document
 * that it wrote has no {@link #TOKEN} and no {@link #DUE} until it is adopted.
 */
final class Fields {
  /** The message's id, a string. */
  static final String ID = "_id";

  /** Date of the next emission. */
  static final String READY = "ready";

  /**
   * Date from which on it can be leased: the later of {@link #READY} and {@link #LOCKED}. Absent
   * when buried. It alone decides what is leased.
   */
  static final String DUE = "due";

  /** A number that grows with each put and parts equal due times; unique to the put. */
  static final String SEQ = "seq";

  /** The body: a document for a JSON object, binary for anything else. */
  static final String MSG = "msg";

  /** The body as it was sent, of JSON that cannot be written anew from {@link #MSG} as it was. */
  static final String MSG_TEXT = "msg-text";

  /** The body's media type; absent: application/json. */
  static final String CONTENT_TYPE = "content-type";

  /** Name and value of each header, in their order; absent when there are none. */
  static final String HEADERS = "headers";

  /** Interval in milliseconds, of a message that recurs at one. */
  static final String RECUR = "recur";

  /** Date of the first occurrence of what recurs at an interval. */
  static final String START = "start";

  /** Date of the end of what recurs at an interval; absent or null: none. */
  static final String EXPIRE = "expire";

  /** The schedule as text, of all that recurs otherwise; where it is, it counts. */
  static final String SCHEDULE = "schedule";

  /** Date of the occurrence that the next emission stands for. */
  static final String SCHEDULED_FOR = "scheduled-for";

  /** How many missed occurrences it stands for besides; absent: none. */
  static final String MISSED = "missed";

  /** How many attempts were made at the occurrence. */
  static final String ATTEMPTS = "attempts";

  /** Why the last attempt failed, or why it was buried. */
  static final String LAST_ERROR = "last-error";

  /** Date until which it is leased; there from the lease until it is settled. */
  static final String LOCKED = "locked";

  /** The id of the lease; there from the lease until it is settled. */
  static final String LOCKED_BY = "locked-by";

  /** The token of the last lease; 0 before the first. */
  static final String TOKEN = "token";

  /** A number that grows with each burial; there while buried. */
  static final String BURIED = "buried";

  /** The call that settled it last, which looks for it when a total does not tell all. */
  static final String SETTLED_BY = "settled-by";

  /** The call that removes it, and has already: what is left of it is about to be deleted. */
  static final String GONE = "gone";

  /** Date of {@link #GONE}. */
  static final String GONE_AT = "gone-at";

  private Fields() {}
}
