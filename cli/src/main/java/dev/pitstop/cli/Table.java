package dev.pitstop.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, printed in aligned columns. For one thread. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with a heading for each column. */
  Table(String... headings) {
    row(headings);
  }

  /** Adds a row of as many cells as there are headings. */
  void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** Prints the heading and the rows. */
  void print(Output out) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = row.get(i);
        line.append(cell).append(" ".repeat(widths[i] - width(cell) + 2));
      }
      out.line(line.toString().stripTrailing());
    }
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
