@NullMarked
package dev.pitstop.broker;

import org.jspecify.annotations.NullMarked;
