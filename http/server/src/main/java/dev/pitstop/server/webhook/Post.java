package dev.pitstop.server.webhook;

import java.util.List;

/** What is posted. Immutable, but for its body, which is not to be changed. */
final class Post {
  /** One header, fit to be sent. */
  record Header(String name, String value) {}

  private final String id;
  private final String contentType;
  private final List<Header> headers;
  private final byte[] body;

  /** An id that is the same for each try, and headers besides the body's media type. */
  Post(String id, String contentType, List<Header> headers, byte[] body) {
    this.id = id;
    this.contentType = contentType;
    this.headers = List.copyOf(headers);
    this.body = body;
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
