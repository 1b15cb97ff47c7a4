package dev.pitstop.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Tells addresses of the public internet from all others. */
final class Networks {
  /** Address and length of the prefix, by four: IPv4 that is private, special or reserved. */
  private static final int[][] SPECIAL = {
    {0, 0, 0, 8}, // this host
    {10, 0, 0, 8},
    {100, 64, 0, 10}, // shared by providers
    {127, 0, 0, 8},
    {169, 254, 0, 16}, // link-local, where clouds keep their metadata
    {172, 16, 0, 12},
    {192, 0, 0, 24},
    {192, 0, 2, 24},
    {192, 88, 99, 24},
    {192, 168, 0, 16},
    {198, 18, 0, 15},
    {198, 51, 100, 24},
    {203, 0, 113, 24},
    {224, 0, 0, 3} // multicast and reserved
  };

  private Networks() {}

  /**
   * Whether an address is one of the public internet. Those that stand for an IPv4 address by a
   * translation (mapped, NAT64, 6to4, Teredo) are not, whatever they stand for.
   */
  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] bytes) {
    int address = number(bytes, 0);
    for (int[] one : SPECIAL) {
      int prefix = one[0] << 24 | one[1] << 16 | one[2] << 8;
      if ((address ^ prefix) >>> (32 - one[3]) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Only 2000::/3 is given out; in it are ranges for special ends. */
  private static boolean isPublic6(byte[] bytes) {
    int high = number(bytes, 0);
    return high >>> 29 == 1
        && high >>> 9 != 0x20010000 >>> 9 // 2001::/23: Teredo and others
        && high != 0x20010db8 // documentation
        && high >>> 16 != 0x2002 // 6to4
        && high >>> 12 != 0x3fff0; // documentation
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
