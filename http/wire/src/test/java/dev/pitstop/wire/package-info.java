@NullMarked
package dev.pitstop.wire;

import org.jspecify.annotations.NullMarked;
