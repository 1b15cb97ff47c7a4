package dev.pitstop;

/** A parsed cron expression. Immutable. */
final class CronExpression {
  private CronExpression() {}

  static CronExpression parse(String expression) {
    return new CronExpression();
  }
}
