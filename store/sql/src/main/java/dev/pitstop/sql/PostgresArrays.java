package dev.pitstop.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The parameters of a statement, each an array with a value of each of some items. */
final class PostgresArrays<T> {
  private final PreparedStatement statement;
  private final Connection connection;
  private final List<T> items;
  private int last;

  PostgresArrays(PreparedStatement statement, List<T> items) throws SQLException {
    this(statement, items, 0);
  }

  /** Those of a batch, the ranks of its operations being the first. */
  static <T> PostgresArrays<T> of(PreparedStatement statement, Batch<T> batch) throws SQLException {
    return new PostgresArrays<>(statement, List.<T>of()).ranked(batch);
  }

  /** Those of items, the place of each being the first. */
  static <T> PostgresArrays<T> numbered(PreparedStatement statement, List<T> items)
      throws SQLException {
    List<Integer> places = IntStream.range(0, items.size()).boxed().toList();
    PostgresArrays<Integer> numbers = new PostgresArrays<>(statement, places);
    numbers.add("integer", place -> place);
    return numbers.of(items);
  }

  /** The parameters behind these, of a batch, the ranks of its operations being the first. */
  <U> PostgresArrays<U> ranked(Batch<U> batch) throws SQLException {
    PostgresArrays<Integer> ranks = of(IntStream.of(batch.ranks()).boxed().toList());
    ranks.add("integer", rank -> rank);
    return ranks.of(batch.items());
  }

  private PostgresArrays(PreparedStatement statement, List<T> items, int last) throws SQLException {
    this.statement = statement;
    this.connection = statement.getConnection();
    this.items = items;
    this.last = last;
  }

  /** The parameters behind these, of other items. */
  <U> PostgresArrays<U> of(List<U> others) throws SQLException {
    return new PostgresArrays<>(statement, others, last);
  }

  /** The parameters behind these, of what an item stands for. */
  <U> PostgresArrays<U> map(Function<T, U> of) throws SQLException {
    return of(items.stream().map(of).toList());
  }

  void add(String type, Function<? super T, ? extends @Nullable Object> value) throws SQLException {
    @Nullable Object[] values = array(type, items.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(items.get(i));
    }
    statement.setArray(++last, connection.createArrayOf(type, values));
  }

  /** The number of the last parameter that was set. */
  int last() {
    return last;
  }

  /** Of the class that the driver sends as binary. */
  private static @Nullable Object[] array(String type, int size) {
    return switch (type) {
      case "bigint" -> new Long[size];
      case "integer" -> new Integer[size];
      case "bytea" -> new byte[size][];
      default -> new String[size];
    };
  }
}
