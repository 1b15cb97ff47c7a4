@NullMarked
package dev.pitstop.checks;

import org.jspecify.annotations.NullMarked;
