package dev.pitstop.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whom a server runs as: servers refuse to run as root, so root starts them as the user that their
 * package made; anybody else runs them as oneself. Immutable.
 */
record Account(Optional<String> user) {
  /** The account for the servers of a package, by the user it made. */
  static Account of(String packageUser) {
    boolean root = System.getProperty("user.name").equals("root");
    return new Account(root ? Optional.of(packageUser) : Optional.empty());
  }

  /** A command that runs as this account and keeps the process it is started in. */
  List<String> running(List<String> command) {
    if (user.isEmpty()) {
      return command;
    }
    List<String> all = new ArrayList<>();
    all.addAll(List.of("setpriv", "--reuid=" + user.get(), "--regid=" + user.get()));
    all.addAll(List.of("--init-groups", "--"));
    all.addAll(command);
    return all;
  }

  /** Makes it the owner of a file or directory. */
  void own(Path path) throws IOException {
    if (user.isPresent()) {
      UserPrincipal owner =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user.get());
      Files.setOwner(path, owner);
    }
  }
}
