package dev.pitstop.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
  @Test
  void hasItsParts() {
    BrokerAddress address =
        BrokerAddress.parse("RabbitMQ://me:p%40ss%2F:1@one:1234,[::1],two/a%2Fb/c?vhost=%2Fx&n=1");

    assertThat(address.scheme()).isEqualTo("rabbitmq");
    assertThat(address.user()).contains("me");
    assertThat(address.password()).contains("p@ss/:1");
    assertThat(address.hosts())
        .containsExactly(
            new BrokerAddress.Host("one", 1234),
            new BrokerAddress.Host("[::1]", 0),
            new BrokerAddress.Host("two", 0));
    assertThat(address.hosts().get(2).portOr(5672)).isEqualTo(5672);
    assertThat(address.path()).isEqualTo("a%2Fb/c");
    assertThat(BrokerAddress.names(address.path())).containsExactly("a/b", "c");
    assertThat(address.options()).containsEntry("vhost", "/x").containsEntry("n", "1");
  }

  @Test
  void needsNeitherLoginNorPathNorOptions() {
    BrokerAddress address = BrokerAddress.parse("nats://host");

    assertThat(address.user()).isEmpty();
    assertThat(address.password()).isEmpty();
    assertThat(address.path()).isEmpty();
    assertThat(address.options()).isEmpty();
    assertThat(BrokerAddress.parse("nats://just-me@host").user()).contains("just-me");
  }

  @Test
  void namesAreDecodedOneByOne() {
    assertThat(BrokerAddress.names("")).isEqualTo(List.of(""));
    assertThat(BrokerAddress.names("/key")).isEqualTo(List.of("", "key"));
    assertThat(BrokerAddress.names("a+b/%E2%82%AC%2F")).isEqualTo(List.of("a+b", "€/"));
    assertThatThrownBy(() -> BrokerAddress.names("50%"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("two hex digits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rabbitmq://me:s3cret@host:0/q",
        "rabbitmq://me:s3cret@host:70000/q",
        "rabbitmq://me:s3cret@host:port/q",
        "rabbitmq://me:s3cret@/q",
        "rabbitmq://me:s3cret@{header:host}/q",
        "rabbitmq://me:s3cret%@host/q",
        "rabbitmq://me:s3cret/s3cret@host/q",
        "rabbitmq://me:s3cret@s3cret@:1x/q",
        "rabbitmq://me:s3cret?s3cret@host/q",
        "rabbitmq:me:s3cret@host/q",
        "me:s3cret@host/q",
        "s3cret"
      })
  void whatIsNoneIsRefusedWithoutItsPassword(String text) {
    assertThatThrownBy(() -> BrokerAddress.parse(text))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("address")
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rabbitmq://me:s3cret@host/q?token=s3cret",
        "rabbitmq://me:s3cret@s3cret@host/q",
        "rabbitmq://:s3cret@one,two/q?password=s3cret"
      })
  void itsTextShowsNoPassword(String text) {
    assertThat(BrokerAddress.parse(text).toString())
        .doesNotContain("s3cret")
        .startsWith("rabbitmq://")
        .contains("/q");
  }

  @Test
  void onlyBrokersOnTheClassPathAreOpened() {
    assertThat(Brokers.schemes()).isEmpty();
    assertThatThrownBy(() -> Brokers.source("rabbitmq://me:s3cret@host/q"))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("must begin with the scheme of a broker on the class path")
        .hasMessageNotContaining("s3cret");
  }
}
