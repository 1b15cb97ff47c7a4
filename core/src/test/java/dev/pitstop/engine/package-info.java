@NullMarked
package dev.pitstop.engine;

import org.jspecify.annotations.NullMarked;
