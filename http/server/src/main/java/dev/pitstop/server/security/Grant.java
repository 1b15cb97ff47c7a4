package dev.pitstop.server.security;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.server.http.Access;
import dev.pitstop.server.http.Right;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who has a token, and what it allows. Immutable.
 *
 * @param name who, for logs
 * @param hash of the token
 * @param may the queues that each right is given for; {@link Right#ADMIN} gives the others too
 */
public record Grant(String name, TokenHash hash, Map<Right, List<QueuePattern>> may)
    implements Access.Rights {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");

  /** Copies the rights; refuses a name that logs could not hold. */
  public Grant {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidFieldException(
          "tokens", "must have names of 1 to 64 of A-Z a-z 0-9 . _ @ -", name);
    }
    Map<Right, List<QueuePattern>> copy = new EnumMap<>(Right.class);
    may.forEach((right, queues) -> copy.put(right, List.copyOf(queues)));
    may = Map.copyOf(copy);
  }

  /** One with the right admin in all queues. */
  public static Grant admin(String name, TokenHash hash) {
    return new Grant(name, hash, Map.of(Right.ADMIN, List.of(new QueuePattern("*"))));
  }

  @Override
  public boolean allow(Right right, String queue) {
    return given(right, queue) || given(Right.ADMIN, queue);
  }

  private boolean given(Right right, String queue) {
    return may.getOrDefault(right, List.of()).stream().anyMatch(queues -> queues.matches(queue));
  }
}
