package dev.pitstop.webhook;

import dev.pitstop.Delivery;
import java.util.List;

/** What is posted. Immutable, but for its body, which is not to be changed. */
public final class Post {
  /** One header, fit to be sent. */
  public record Header(String name, String value) {}

  private final String id;
  private final String contentType;
  private final List<Header> headers;
  private final byte[] body;

  /**
   * A post.
   *
   * @param id the same for each try
   * @param contentType the body's media type
   * @param headers those besides, fit to be sent
   * @param body not to be changed
   */
  public Post(String id, String contentType, List<Header> headers, byte[] body) {
    this.id = id;
    this.contentType = contentType;
    this.headers = List.copyOf(headers);
    this.body = body;
  }

  /**
   * The post that stands for an emission. Its id is the same for each attempt at one occurrence,
   * its headers are the message's, but for those that belong to a connection or to the post itself,
   * and what a listener would see of the delivery.
   */
  public static Post of(Delivery<byte[]> delivery) {
    return Posts.of(delivery);
  }

  String id() {
    return id;
  }

  String contentType() {
    return contentType;
  }

  List<Header> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }
}
