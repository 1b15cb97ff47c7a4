/**
 * The store in a MongoDB database: one collection a queue, its documents laid out so that people
 * can read them and that those of the Clojure Pitstop can be taken over.
 */
@NullMarked
package dev.pitstop.mongodb;

import org.jspecify.annotations.NullMarked;
