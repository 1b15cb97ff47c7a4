package dev.pitstop;

/** A message was to be stored with {@link IfPresent#FAIL} and its queue holds its id already. */
public final class MessageExistsException extends PitstopException {
  private static final long serialVersionUID = 1L;

  private final String queue;
  private final String id;

  /** For the message {@code id} of {@code queue}. */
  public MessageExistsException(String queue, String id) {
    super("queue " + queue + " holds a message " + id + " already");
    this.queue = queue;
    this.id = id;
  }

  /** The queue that holds the message. */
  public String queue() {
    return queue;
  }

  /** The message's id. */
  public String id() {
    return id;
  }
}
