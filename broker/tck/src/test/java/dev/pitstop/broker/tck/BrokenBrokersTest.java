package dev.pitstop.broker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The suite finds what is wrong with brokers that are broken on purpose. */
final class BrokenBrokersTest {
  /** The suite over the broker that is being looked at; run by the launcher only. */
  static final class Subject extends BrokerContract {
    @Override
    public PlainBroker broker() {
      return ToyBroker.current();
    }

    @Override
    public Duration patience() {
      return Duration.ofSeconds(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIRMS_BEFORE_IT_KEEPS, B01_whatIsConfirmedIsThereAfterAKill",
    "GIVES_NO_REASON, B02_refusedIsToldWithTheBrokersReasonAndOthersGoOn",
    "NEVER_TELLS_WHAT_IS_LOST, B03_lostInMidSendIsToldAndTheSenderGoesOnByItself",
    "NEVER_TELLS_WHAT_IS_LOST, B03_notConfirmedInTimeIsToldAndTheSenderGoesOnByItself",
    "NEVER_TELLS_WHAT_IS_LOST, B15_closingASenderFailsWhatIsUnderWay",
    "KEEPS_SOME_TWICE, B04_nothingComesTwiceWithoutAFault",
    "KEEPS_BODIES_AS_TEXT, B05_bytesAndHeadersArriveAsTheyWereSent",
    "FOLDS_NAMES_OF_HEADERS, B06_bytesAndHeadersAreHandedOutAsTheyArePut",
    "HANDS_OUT_ALL_AT_ONCE, B07_noMoreAreInHandsThanAllowed",
    "REPEATS_AT_ONCE, B08_nackedComesAgainAfterASecondAndOthersGoOnMeanwhile",
    "STOPS_WITHOUT_WAITING, B09_stopHandsOutNothingMoreAndWaitsForWhatIsInHands",
    "NUMBERS_WHAT_IT_HANDS_OUT, B12_idIsTheMessagesOwnAndStaysWhenItIsHandedOutAgain",
    "HANDS_OUT_THE_LAST_FIRST, B13_orderOfAKeyIsKeptWithoutAFault",
    "MUST_BE_THERE, B14_brokerThatIsAwayIsNoErrorToSourceAndSender"
  })
  void theTestOfTheRuleThatIsBrokenFails(Fault fault, String test) {
    ToyBroker.start(fault);
    assertThat(run(test)).as("%s of a broker that %s", test, fault).isEqualTo(Status.FAILED);
  }

  private static Status run(String test) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectMethod(Subject.class, test))
            .build();
    List<TestExecutionResult> results = new ArrayList<>();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier one, TestExecutionResult result) {
                if (one.isTest()) {
                  results.add(result);
                }
              }
            });
    assertThat(results).hasSize(1);
    return results.get(0).getStatus();
  }
}
