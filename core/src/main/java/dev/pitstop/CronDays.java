package dev.pitstop;

import java.time.LocalDate;
import java.time.Year;
import org.jspecify.annotations.Nullable;

/**
 * The days that a cron expression names. Immutable.
 *
 * @param months bits 1 to 12
 */
record CronDays(long months, OfMonth ofMonth, OfWeek ofWeek) {
  /** After so many years the Gregorian calendar repeats, weekdays included. */
  private static final int CYCLE = 400;

  private static final long EVERY_WEEK = 1L | 1L << 7 | 1L << 14 | 1L << 21 | 1L << 28;

  boolean has(LocalDate date) {
    return (in(date.getYear(), date.getMonthValue()) >>> date.getDayOfMonth() & 1) != 0;
  }

  /** The first one later than a date; null when there is none, ever. */
  @Nullable LocalDate after(LocalDate date) {
    int year = date.getYear();
    int month = date.getMonthValue();
    long days = in(year, month) & -2L << date.getDayOfMonth();
    while (days == 0) {
      long laterMonths = months & -2L << month;
      if (laterMonths == 0) {
        year++;
        laterMonths = months;
        if (year > date.getYear() + CYCLE) {
          return null;
        }
      }
      month = Long.numberOfTrailingZeros(laterMonths);
      days = in(year, month);
    }
    return LocalDate.of(year, month, Long.numberOfTrailingZeros(days));
  }

  /** The days of a month, bits 1 to 31. */
  private long in(int year, int month) {
    if ((months >>> month & 1) == 0) {
      return 0;
    }
    int length =
        switch (month) {
          case 2 -> Year.isLeap(year) ? 29 : 28;
          case 4, 6, 9, 11 -> 30;
          default -> 31;
        };
    int first = Math.floorMod(LocalDate.of(year, month, 1).toEpochDay() + 4, 7);
    long all = (2L << length) - 2;
    long byMonth = ofMonth.in(length, first) & all;
    long byWeek = ofWeek.in(length, first) & all;
    return ofMonth.star() || ofWeek.star() ? byMonth & byWeek : byMonth | byWeek;
  }

  /**
   * The field of the days of the month.
   *
   * @param star whether the field begins with a star, so that it does not restrict by itself
   * @param days bits 1 to 31
   * @param fromEnd bits 0 to 30: so many days before the last
   * @param nearest bits 1 to 31: the weekday nearest to that day
   * @param lastWeekday whether the last weekday is one
   */
  record OfMonth(boolean star, long days, long fromEnd, long nearest, boolean lastWeekday) {
    long in(int length, int first) {
      long set = days;
      for (long left = fromEnd; left != 0; left &= left - 1) {
        int day = length - Long.numberOfTrailingZeros(left);
        set |= day < 1 ? 0 : 1L << day;
      }
      for (long left = nearest; left != 0; left &= left - 1) {
        int day = Long.numberOfTrailingZeros(left);
        set |= day > length ? 0 : 1L << nearestWeekday(day, length, first);
      }
      return lastWeekday ? set | 1L << nearestWeekday(length, length, first) : set;
    }

    private static int nearestWeekday(int day, int length, int first) {
      return switch ((first + day - 1) % 7) {
        case 6 -> day == 1 ? 3 : day - 1;
        case 0 -> day == length ? day - 2 : day + 1;
        default -> day;
      };
    }
  }

  /**
   * The field of the days of the week, Sunday being 0.
   *
   * @param star whether the field begins with a star, so that it does not restrict by itself
   * @param days bits 0 to 6
   * @param nth bits 0 to 34: seven for each first weekday of a month, for each second, ..
   * @param last bits 0 to 6: the last such day of a month
   */
  record OfWeek(boolean star, long days, long nth, long last) {
    long in(int length, int first) {
      // The week turned so that bit 0 is the weekday of the 1st, then repeated over the month.
      long turned = (days | days << 7) >>> first & 0x7F;
      long set = (turned * EVERY_WEEK) << 1;
      for (long left = nth; left != 0; left &= left - 1) {
        int bit = Long.numberOfTrailingZeros(left);
        set |= 1L << (firstOf(bit % 7, first) + bit / 7 * 7);
      }
      for (long left = last; left != 0; left &= left - 1) {
        int day = firstOf(Long.numberOfTrailingZeros(left), first) + 28;
        set |= 1L << (day > length ? day - 7 : day);
      }
      return set;
    }

    private static int firstOf(int weekday, int first) {
      return 1 + Math.floorMod(weekday - first, 7);
    }
  }
}
