/**
 * The stores in SQL databases: PostgreSQL, MariaDB and MySQL. One table holds the messages; to
 * store and to ack can be part of a transaction of the application.
 */
@NullMarked
package dev.pitstop.sql;

import org.jspecify.annotations.NullMarked;
