package dev.pitstop.tck;

/** Some of the contract's rules as tests. Each test has a store of its own. */
interface Rules {
  /** The store of the test that runs. */
  Trial trial();
}
