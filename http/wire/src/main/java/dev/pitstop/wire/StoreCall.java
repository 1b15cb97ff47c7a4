package dev.pitstop.wire;

/** The calls of a store as paths; each is posted, and answered when it is done. */
public enum StoreCall {
  /** What the store can do and what one call may hold. */
  OPEN("open"),
  /** The store's time, which every answer carries. */
  TIME("time"),
  /** {@link dev.pitstop.spi.Store#put}. */
  PUT("put"),
  /** {@link dev.pitstop.spi.Store#lease}. */
  LEASE("lease"),
  /** {@link dev.pitstop.spi.Store#settle}. */
  SETTLE("settle"),
  /** {@link dev.pitstop.spi.Store#remove}. */
  REMOVE("remove"),
  /** {@link dev.pitstop.spi.Store#untilNextDue}. */
  UNTIL_NEXT_DUE("until-next-due"),
  /** {@link dev.pitstop.spi.Store#onWake}, for some queues and until one side ends it. */
  WAKES("wakes"),
  /** {@link dev.pitstop.spi.Store#find}. */
  FIND("find"),
  /** {@link dev.pitstop.spi.Store#list}. */
  LIST("list"),
  /** {@link dev.pitstop.spi.Store#search}. */
  SEARCH("search"),
  /** {@link dev.pitstop.spi.Store#stats}. */
  STATS("stats"),
  /** {@link dev.pitstop.spi.Store#countDue}. */
  COUNT_DUE("count-due"),
  /** {@link dev.pitstop.spi.Store#requeue}. */
  REQUEUE("requeue"),
  /** {@link dev.pitstop.spi.Store#requeueAll}. */
  REQUEUE_ALL("requeue-all"),
  /** {@link dev.pitstop.spi.Store#reschedule}. */
  RESCHEDULE("reschedule"),
  /** {@link dev.pitstop.spi.Store#pause}. */
  PAUSE("pause"),
  /** {@link dev.pitstop.spi.Store#purge}. */
  PURGE("purge");

  /** The media type of what is posted and answered; another version is another type. */
  public static final String MEDIA_TYPE = "application/vnd.pitstop.store.v1";

  /** The header of an answer that has the store's time then, in microseconds since 1970. */
  public static final String TIME_HEADER = "Pitstop-Time";

  /** So many messages are leased by one call at most. */
  public static final int MOST_LEASED = 10_000;

  /** So many messages are on one page at most; they come with their bodies. */
  public static final int MOST_LISTED = 50;

  /** So many queues are watched by one stream of wake-ups at most. */
  public static final int MOST_WATCHED = 1_000;

  private final String verb;

  StoreCall(String verb) {
    this.verb = verb;
  }

  /** The path of the call on a server. */
  public String path() {
    return "/v1/store:" + verb;
  }
}
