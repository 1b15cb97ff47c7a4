@NullMarked
package dev.pitstop.broker.tck;

import org.jspecify.annotations.NullMarked;
