@NullMarked
package dev.pitstop.rabbitmq;

import org.jspecify.annotations.NullMarked;
