package dev.pitstop.nats;

import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.util.concurrent.CompletableFuture;

/** A message on its way to a subject, and what NATS answers. */
final class Publish {
  final String subject;
  final Headers headers;
  final byte[] body;
  final CompletableFuture<PublishAck> answer = new CompletableFuture<>();

  Publish(String subject, Headers headers, byte[] body) {
    this.subject = subject;
    this.headers = headers;
    this.body = body;
  }
}
