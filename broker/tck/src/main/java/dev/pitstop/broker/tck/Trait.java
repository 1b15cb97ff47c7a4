package dev.pitstop.broker.tck;

/** What only some kinds of brokers can do. */
public enum Trait {
  /** Its source knows an id of each message that no other message of the place has. */
  IDS,
  /** An ack is kept although an older message of the place is not acked. */
  ACKS_EACH,
  /** What is in hands stays there while its connection is lost for a while, and can be acked. */
  KEEPS_HANDS
}
