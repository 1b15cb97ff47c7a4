package dev.pitstop.mongodb;

import dev.pitstop.spi.Chores;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done aside of all calls: measuring the server's time, adopting what the Clojure Pitstop
 * left and goes on to write, sweeping what dead processes left. Thread-safe.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long MEASURE_SECONDS = 20;
  private static final long SWEEP_SECONDS = 60;

  private final Database database;
  private final Queues queues;
  private final Removing removing;
  private final Adoption adoption;
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private final Set<String> left = ConcurrentHashMap.newKeySet();
  private final Chores chores = new Chores("pitstop-mongodb-upkeep");

  Upkeep(Database database, Queues queues, Removing removing, Adoption adoption) {
    this.database = database;
    this.queues = queues;
    this.removing = removing;
    this.adoption = adoption;
  }

  void start() {
    every(MEASURE_SECONDS, "measuring the server's time", queues::measure);
    every(SWEEP_SECONDS, "sweeping", this::sweep);
    run("looking for what the Clojure Pitstop left", this::find);
  }

  /** Says that a queue is used, which may hold what the Clojure Pitstop left. */
  void used(String queue) {
    if (used.add(queue)) {
      run("adopting " + queue, () -> adopt(queue));
    }
  }

  private void find() {
    for (String queue : adoption.left()) {
      if (used.add(queue)) {
        adopt(queue);
      }
    }
  }

  private void adopt(String queue) {
    try {
      if (adoption.adopt(queue, queues)) {
        left.add(queue);
      }
    } catch (RuntimeException e) {
      used.remove(queue); // tried again at its next use
      throw e;
    }
  }

  private void sweep() {
    for (String queue : List.copyOf(left)) {
      adoption.adopt(queue, queues);
    }
    for (String queue : List.copyOf(used)) {
      long swept = removing.sweep(database.queue(queue));
      if (swept > 0) {
        LOG.debug("{} removed messages of {} were deleted in another's place", swept, queue);
      }
    }
  }

  private void every(long seconds, String what, Runnable work) {
    chores.every(seconds, what, () -> call(work));
  }

  private void run(String what, Runnable work) {
    chores.once(what, () -> call(work));
  }

  private void call(Runnable work) {
    database.call(
        () -> {
          work.run();
          return true;
        });
  }

  @Override
  public void close() {
    chores.close();
  }
}
