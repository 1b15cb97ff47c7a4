@NullMarked
package dev.pitstop.nats;

import org.jspecify.annotations.NullMarked;
