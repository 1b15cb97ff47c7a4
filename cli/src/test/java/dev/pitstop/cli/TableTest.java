package dev.pitstop.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAligned() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Table table = new Table("ID", "DUE");
    table.row("\uD83D\uDE00 long", "now");
    table.row("b", "-");

    try (Output out = new Output(bytes)) {
      table.print(out);
    }

    assertThat(bytes.toString(UTF_8)).isEqualTo("ID      DUE\n\uD83D\uDE00 long  now\nb       -\n");
  }
}
