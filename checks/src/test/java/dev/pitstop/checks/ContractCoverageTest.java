package dev.pitstop.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every rule of the contract has a test that carries its number, or a sentence why none can be. */
class ContractCoverageTest {
  private static final Pattern RULE = Pattern.compile("\\*\\*([SRETOHFBX]\\d{2})\\*\\*");
  private static final Pattern TEST = Pattern.compile("\\b([SRETOHFBX]\\d{2})_\\w+\\(");
  private static final Pattern EXCUSE =
      Pattern.compile("(?m)^\\| ([SRETOHFBX]\\d{2}) \\| \\S.*\\|$");

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> rules = new TreeSet<>();
    pattern.matcher(text).results().forEach(match -> rules.add(match.group(1)));
    return rules;
  }

  @Test
  void everyRuleHasATestOrAReasonWhyNot() {
    String contract = Project.read("docs/contract.md");
    Set<String> rules = found(RULE, contract);
    Set<String> tested = new TreeSet<>();
    Project.files(".java").forEach(file -> tested.addAll(found(TEST, Project.read(file))));
    Set<String> excused = found(EXCUSE, contract);

    assertThat(rules).hasSizeGreaterThan(40);
    Set<String> open = new TreeSet<>(rules);
    open.removeAll(tested);
    assertThat(open).isEqualTo(excused);
    assertThat(rules).as("rules that tests name").containsAll(tested);
  }
}
