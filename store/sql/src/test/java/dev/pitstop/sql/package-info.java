/** Tests of the SQL stores on real servers. */
@NullMarked
package dev.pitstop.sql;

import org.jspecify.annotations.NullMarked;
