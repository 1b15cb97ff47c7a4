package dev.pitstop.engine;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.PitstopOptions;
import dev.pitstop.spi.Address;
import dev.pitstop.spi.AddressOptions;
import dev.pitstop.spi.Store;
import dev.pitstop.spi.StoreFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** A store opened by its address, and what the address says for all stores. */
record OpenedStore(Store store, PitstopOptions options) {
  static OpenedStore at(String text, PitstopOptions given) {
    Address address = Address.parse(text);
    StoreFactory factory = factory(address);
    Map<String, String> own = new LinkedHashMap<>(address.query());
    PitstopOptions options = given;
    options =
        own.containsKey("leaseTime")
            ? options.leaseTime(AddressOptions.LEASE_TIME.in(own))
            : options;
    options =
        own.containsKey("pollInterval")
            ? options.pollInterval(AddressOptions.POLL_INTERVAL.in(own))
            : options;
    options =
        own.containsKey("callTimeout")
            ? options.callTimeout(AddressOptions.CALL_TIMEOUT.in(own))
            : options;
    options =
        own.containsKey("maxBody")
            ? options.maxBody(Math.toIntExact(AddressOptions.MAX_BODY.in(own)))
            : options;
    AddressOptions.all().forEach(option -> own.remove(option.name()));
    refuseUnknown(own, factory);
    return new OpenedStore(
        factory.open(new Address(address.scheme(), address.rest(), own)), options);
  }

  private static StoreFactory factory(Address address) {
    TreeSet<String> known = new TreeSet<>();
    for (StoreFactory factory : ServiceLoader.load(StoreFactory.class)) {
      if (factory.schemes().contains(address.scheme())) {
        return factory;
      }
      known.addAll(factory.schemes());
    }
    throw new InvalidFieldException(
        "address",
        "must begin with the scheme of a store on the class path ("
            + String.join(", ", known)
            + ")",
        address);
  }

  private static void refuseUnknown(Map<String, String> own, StoreFactory factory) {
    List<String> known = new ArrayList<>();
    factory.options().forEach(option -> known.add(option.name()));
    AddressOptions.all().forEach(option -> known.add(option.name()));
    for (String name : own.keySet()) {
      if (!known.contains(name)) {
        throw new InvalidFieldException(
            "address", "must have options of " + String.join(", ", known) + " only", name);
      }
    }
  }
}
