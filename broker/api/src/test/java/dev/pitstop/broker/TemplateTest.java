package dev.pitstop.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitstop.InvalidFieldException;
import dev.pitstop.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Message<byte[]> MESSAGE =
      Message.of(new byte[0]).id("order 7").header("Topic", "a/b 50%").header("none", "");

  @Test
  void bracesStandForHeadersAndTheId() {
    assertThat(Template.parse("orders").of(MESSAGE)).isEqualTo("orders");
    assertThat(Template.parse("x/{header:none}/{id}").of(MESSAGE)).isEqualTo("x//order%207");
    assertThat(Template.parse("{header:none}").of(MESSAGE)).isEmpty();
  }

  @Test
  void aHeaderIsOneNameWhateverItHolds() {
    String destination = Template.parse("{header:topic}/{header:TOPIC}").of(MESSAGE);

    assertThat(BrokerAddress.names(destination)).containsExactly("a/b 50%", "a/b 50%");
  }

  @Test
  void aMessageThatLacksWhatIsNeededWillNeverBeSent() {
    assertThatThrownBy(() -> Template.parse("{header:region}").of(MESSAGE))
        .isInstanceOfSatisfying(
            SendException.class, failure -> assertThat(failure.isLasting()).isTrue())
        .hasMessageContaining("region");
    assertThatThrownBy(() -> Template.parse("{id}").of(Message.of(new byte[0])))
        .isInstanceOfSatisfying(
            SendException.class, failure -> assertThat(failure.isLasting()).isTrue())
        .hasMessageContaining("no id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "}", "a{b", "{}", "{topic}", "{header:}", "{{id}}", "{id}}"})
  void bracesThatStandForNothingAreRefused(String text) {
    assertThatThrownBy(() -> Template.parse(text))
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageContaining("destination must have nothing in braces but {header:NAME} and {id}");
  }
}
