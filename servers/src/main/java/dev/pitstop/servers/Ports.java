package dev.pitstop.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of 127.0.0.1. Thread-safe. */
public final class Ports {
  /*
   * Below those that the system gives to outgoing connections: such a connection could take the port
   * while its server is down, and a client that tries again and again could reach itself.
   */
  private static final int FIRST = 12_000;
  private static final int END = 32_000;
  private static final int TRIED = 1000;

  private Ports() {}

  /**
   * One that nobody listens on now, and that no outgoing connection is given.
   *
   * @throws IllegalStateException if none is found
   */
  public static int free() {
    for (int tried = 0; tried < TRIED; tried++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no port of 127.0.0.1 between " + FIRST + " and " + END + " is free");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (BindException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
