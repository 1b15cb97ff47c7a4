package dev.pitstop.sql;

/** What opening a store does about its tables. */
public enum SchemaMode {
  /** Creates them, or brings them up to date. */
  CREATE,
  /** Refuses to open when they are not there or not up to date. */
  VALIDATE,
  /** Nothing: whoever made them knows that they are right. */
  NONE
}
