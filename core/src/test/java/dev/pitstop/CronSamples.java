package dev.pitstop;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Cron expressions to try: hard ones, and any number at random. */
final class CronSamples {
  /**
   * Most fire about the hours at which clocks are changed; each has something that is easily wrong.
   */
  static final List<String> HARD =
      List.of(
          "* * * * *",
          "0 * * * *",
          "30 * * * *",
          "*/15 * * * *",
          "7/20 * * * *",
          "59 * * * *",
          "0 */2 * * *",
          "0 1/2 * * *",
          "30 0-23 * * *",
          "0 0-23 * * *",
          "*/7 */1 * * *",
          "0 0 * * *",
          "1 0 * * *",
          "30 0 * * *",
          "59 23 * * *",
          "0 1 * * *",
          "30 1 * * *",
          "59 1 * * *",
          "0 2 * * *",
          "15 2 * * *",
          "30 2 * * *",
          "0,30 2 * * *",
          "59 2 * * *",
          "0 3 * * *",
          "*/10 1-3 * * *",
          "*/20 22-2 * * *",
          "0 22-2/2 * * *",
          "17 23-1 * * *",
          "0 2,3 * * *",
          "1 0,1,2,3 * * *",
          "30 2 * * SUN",
          "30 2 L 3,10 *",
          "0 0 1 * *",
          "0 0 L * *",
          "0 2 * * 0#1,0#2,SUNL",
          "0 0 30,31 12 *",
          "30 1 15W,LW,L-3 * *",
          "0 3 * * FRI-MON",
          "0 3 */2 * SUN",
          "0 3 1-31/3 * 0",
          "? * ? * ?",
          "30 ? * * *",
          "0 0 12 * * *",
          "0 0 0 * * *",
          "59 59 23 * * *",
          "0 0 0,1,2,3 * * *",
          "*/30 */30 * * * *",
          "30 59 * * * *",
          "1 0 * * * *",
          "59 59 * * * *",
          "45 29 1,2 * * *",
          "*/20 0-2 2 * * *",
          "58-1 59-0 1-3 * * *",
          "30 30 2 * * SUN#1,SUN#2,SUNL",
          "0 0 2 ? 3-4,9-11 ?",
          "15,45 30 * * 3,4,9,10,11 *",
          "0 30 23 L * *",
          "0 */13 */5 * * 0-7/2",
          "17 17 */3 28-3 * *",
          "0 0 0 1W * 7L");

  private CronSamples() {}

  /** One that parses; it may be one that never fires. */
  static String random(Random random) {
    List<String> fields = new ArrayList<>();
    if (random.nextInt(4) == 0) {
      fields.add(field(random, 0, 59, List.of(), () -> ""));
    }
    fields.add(field(random, 0, 59, List.of(), () -> ""));
    fields.add(field(random, 0, 23, List.of(), () -> ""));
    List<String> months = List.of("jan", "FEB", "Mar", "apr", "oct", "NOV", "dec");
    List<String> weekdays = List.of("sun", "MON", "Tue", "wed", "THU", "fri", "SAT");
    fields.add(field(random, 1, 31, List.of(), () -> dayOfMonth(random)));
    fields.add(random.nextInt(3) > 0 ? "*" : field(random, 1, 12, months, () -> ""));
    fields.add(field(random, 0, 7, weekdays, () -> dayOfWeek(random, weekdays)));
    return String.join(" ", fields);
  }

  private static String dayOfMonth(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "L";
      case 1 -> "L-" + (1 + random.nextInt(30));
      case 2 -> "LW";
      default -> 1 + random.nextInt(31) + "W";
    };
  }

  private static String dayOfWeek(Random random, List<String> names) {
    String day = value(random, 0, 7, names);
    return random.nextBoolean() ? day + "#" + (1 + random.nextInt(5)) : day + "L";
  }

  private static String field(
      Random random, int least, int most, List<String> names, Supplier<String> special) {
    if (random.nextInt(5) < 2) {
      return random.nextInt(4) == 0 ? "?" : "*";
    }
    List<String> parts = new ArrayList<>();
    for (int n = 1 + random.nextInt(random.nextInt(3) + 1); n > 0; n--) {
      String one = random.nextInt(4) == 0 ? special.get() : "";
      parts.add(one.isEmpty() ? part(random, least, most, names) : one);
    }
    return String.join(",", parts);
  }

  private static String part(Random random, int least, int most, List<String> names) {
    String step = "/" + (1 + random.nextInt(Math.min(7, most)));
    return switch (random.nextInt(6)) {
      case 0 -> "*" + step;
      case 1 -> value(random, least, most, names) + step;
      case 2 -> range(random, least, most, names) + step;
      case 3 -> range(random, least, most, names);
      default -> value(random, least, most, names);
    };
  }

  private static String range(Random random, int least, int most, List<String> names) {
    return value(random, least, most, names) + "-" + value(random, least, most, names);
  }

  private static String value(Random random, int least, int most, List<String> names) {
    return !names.isEmpty() && random.nextBoolean()
        ? names.get(random.nextInt(names.size()))
        : String.valueOf(least + random.nextInt(most - least + 1));
  }
}
