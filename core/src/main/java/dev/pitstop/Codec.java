package dev.pitstop;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns bodies into bytes and back. Implementations are safe for use by many threads.
 *
 * <p>What a codec cannot read is not lost: its message is buried with the reason.
 */
public interface Codec<T> {
  /** The media type of what {@link #encode} writes. */
  String contentType();

  /**
   * The bytes of a body.
   *
   * @throws CodecException when it cannot be written
   */
  byte[] encode(T body);

  /**
   * The body that bytes stand for.
   *
   * @param contentType the media type that the message was stored with
   * @throws CodecException when they cannot be read
   */
  T decode(byte[] bytes, String contentType);

  /** Bodies that are bytes already ({@code application/octet-stream}); arrays are not copied. */
  static Codec<byte[]> bytes() {
    return new Codec<>() {
      @Override
      public String contentType() {
        return "application/octet-stream";
      }

      @Override
      public byte[] encode(byte[] body) {
        return body;
      }

      @Override
      public byte[] decode(byte[] bytes, String contentType) {
        return bytes;
      }
    };
  }

  /** Bodies of text in UTF-8; bytes that are none are refused, not replaced. */
  static Codec<String> text() {
    return new Codec<>() {
      @Override
      public String contentType() {
        return "text/plain; charset=utf-8";
      }

      @Override
      public byte[] encode(String body) {
        try {
          ByteBuffer bytes =
              StandardCharsets.UTF_8
                  .newEncoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .encode(CharBuffer.wrap(body));
          byte[] exact = new byte[bytes.remaining()];
          bytes.get(exact);
          return exact;
        } catch (CharacterCodingException e) {
          throw new CodecException("body holds half a surrogate pair, which UTF-8 cannot carry", e);
        }
      }

      @Override
      public String decode(byte[] bytes, String contentType) {
        try {
          return StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
        } catch (CharacterCodingException e) {
          throw new CodecException("body is not UTF-8 (" + contentType + ")", e);
        }
      }
    };
  }
}
