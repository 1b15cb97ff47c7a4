@NullMarked
package dev.pitstop.mongodb;

import org.jspecify.annotations.NullMarked;
