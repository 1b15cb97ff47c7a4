@NullMarked
package dev.pitstop.kafka;

import org.jspecify.annotations.NullMarked;
