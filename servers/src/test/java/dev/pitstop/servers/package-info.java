@NullMarked
package dev.pitstop.servers;

import org.jspecify.annotations.NullMarked;
