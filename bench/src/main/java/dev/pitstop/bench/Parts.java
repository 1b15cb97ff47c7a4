package dev.pitstop.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The parts of a benchmark, of which a command line chooses. Used by one thread. */
final class Parts {
  private final List<Part> parts = new ArrayList<>();

  /** Measures and reports one thing. */
  interface Measurement {
    void run() throws Exception;
  }

  /**
   * A part with a name of words with dots between; {@code isLong} for one that runs only when it is
   * named or {@code --long} is given.
   */
  private record Part(String name, boolean isLong, Measurement measurement) {
    boolean isCalled(String wanted) {
      return name.equals(wanted) || Arrays.asList(name.split("\\.", -1)).contains(wanted);
    }
  }

  void add(String name, Measurement measurement) {
    parts.add(new Part(name, false, measurement));
  }

  void addLong(String name, Measurement measurement) {
    parts.add(new Part(name, true, measurement));
  }

  /**
   * Runs the named parts in the order they were added; without names all, the long ones only with
   * {@code --long}. A name is a whole one or one word of it, which stands for all that have it.
   *
   * @return false when a name is no part's; that is told on standard error and nothing is run
   */
  boolean run(List<String> arguments) throws Exception {
    List<String> names = new ArrayList<>(arguments);
    boolean withLong = names.remove("--long");
    for (String name : names) {
      if (parts.stream().noneMatch(part -> part.isCalled(name))) {
        System.err.println("there is no part " + name + "; parts are " + partNames());
        return false;
      }
    }
    for (Part part : parts) {
      boolean wanted =
          names.isEmpty() ? withLong || !part.isLong() : names.stream().anyMatch(part::isCalled);
      if (wanted) {
        System.err.println("measuring " + part.name());
        part.measurement().run();
      }
    }
    return true;
  }

  private String partNames() {
    return parts.stream().map(Part::name).collect(Collectors.joining(", "));
  }
}
