package dev.pitstop.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whom a server runs as: servers refuse to run as root, so root starts them as the user that their
 * package made; anybody else runs them as oneself. Immutable.
 */
record Account(Optional<UserPrincipal> user) {
  /**
   * The account for the servers of a package, by the user it made.
   *
   * @throws IllegalStateException if root asks, and there is no such user
   */
  static Account of(String packageUser) {
    if (!System.getProperty("user.name").equals("root")) {
      return new Account(Optional.empty());
    }
    try {
      return new Account(
          Optional.of(
              FileSystems.getDefault()
                  .getUserPrincipalLookupService()
                  .lookupPrincipalByName(packageUser)));
    } catch (UserPrincipalNotFoundException e) {
      throw new IllegalStateException(
          "there is no user " + packageUser + ", whom root would run the server as", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that runs as this account and keeps the process it is started in. */
  List<String> running(List<String> command) {
    if (user.isEmpty()) {
      return command;
    }
    String name = user.get().getName();
    List<String> all = new ArrayList<>();
    all.addAll(List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups", "--"));
    all.addAll(command);
    return all;
  }

  /** Makes it the owner of a file or directory. */
  void own(Path path) throws IOException {
    if (user.isPresent()) {
      Files.setOwner(path, user.get());
    }
  }
}
