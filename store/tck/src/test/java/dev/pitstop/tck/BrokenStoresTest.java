package dev.pitstop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.pitstop.memory.MemoryStore;
import dev.pitstop.spi.Capability;
import dev.pitstop.spi.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The suite finds what is wrong with stores that are broken on purpose. */
final class BrokenStoresTest {

  /** What is broken, and the tests that must fail of it. */
  @SuppressWarnings("ImmutableEnumChecker") // changed by nobody
  enum Broken {
    LEASES_TWICE(
        BrokenLeases.LeasesTwice::new,
        "E03_leasedMessageIsHiddenFromOthers",
        "E10_severalEnginesShareTheWorkAndNoTwoLeasesOfAMessageAreLiveAtOnce",
        "E03_racingListenersGetEachMessageOnce"),
    LEASES_TWICE_IN_A_RACE(
        BrokenLeases.LeasesTwiceInARace::new, "E03_racingListenersGetEachMessageOnce"),
    FORGETS(BrokenPuts.Forgets::new, "E02_nothingIsForgotten", "S07_largeBatchesAreWhole"),
    IGNORES_TOKENS(
        BrokenSettles.IgnoresTokens::new,
        "T04_settlingAfterAnotherHasLeasedChangesNothing",
        "T04_tokensSettleTheirOwnMessageOnly",
        "S03_staleAckDoesNotRemoveAnUpdateThatIsLeased"),
    LOSES_UPDATES(
        BrokenPuts.LosesUpdates::new,
        "S03_replacingRevokesTheLease",
        "S03_staleAckDoesNotRemoveAnUpdateThatIsLeased",
        "S03_noUpdateIsLostToAnAckUnderWay"),
    EMITS_EARLY(
        (whole, clock) -> MemoryStore.on(() -> clock.instant().plusMillis(1)),
        "E01_notAMillisecondBeforeItsDueTime"),
    ROUNDS_TIME_UP(
        (whole, clock) ->
            MemoryStore.on(() -> clock.instant().plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS)),
        "E01_notAMillisecondBeforeItsDueTime"),
    TAKES_THE_MACHINES_TIME(
        (whole, clock) -> MemoryStore.on(InstantSource.system()), "E01_byTheStoresClock"),
    LOOKS_FORWARD_ONLY(
        BrokenLeases.LooksForwardOnly::new,
        "S05_pastDueTimeMeansNowAlsoAfterLaterOnesWereLeased",
        "E10_messageWhoseLeaseRanOutIsEmittedAlsoAfterLaterOnesWere",
        "T03_movedToThePastMeansNow"),
    GIVES_THE_LAST_FIRST(
        BrokenLeases::givesTheLastFirst,
        "E08_soonestDueFirst",
        "E08_equalDueTimesInTheOrderStored"),
    ORDERS_EQUAL_TIMES_BY_ID(
        BrokenLeases::ordersEqualTimesById, "E08_equalDueTimesInTheOrderStored"),
    DROPS_ATTEMPTS(
        BrokenLeases::saysItIsTheFirstAttempt,
        "E05_eachLeaseCountsAsAnAttempt",
        "E05_attemptsOutliveTheProcess",
        "T02_errorAndAttemptsAreKept"),
    COUNTS_TOKENS_BY_MESSAGE(
        BrokenLeases.CountsTokensByMessage::new,
        "E04_tokensGrowOverRemovingAndStoringAgain",
        "T04_settlingAfterRemovingAndStoringAgainChangesNothing"),
    REPEATS_TOKENS_AFTER_OPENING(
        BrokenLeases.RepeatsTokensAfterOpening::new, "E04_tokensGrowOverReopening"),
    FORGETS_LEASES_WHEN_KILLED(
        BrokenLeases.ForgetsLeasesWhenKilled::new,
        "E03_leaseOutlivesTheProcess",
        "H03_allOutlivesTheProcess"),
    FORGETS_ALL_WHEN_KILLED(
        (whole, clock) -> new ClaimsToLast(MemoryStore.on(clock), whole),
        "S01_whatWasPutOutlivesTheProcess",
        "T07_countsOutliveTheProcess",
        "H03_whatWasKilledInTheMiddleGoesOn"),
    SLEEPS_OVER_THE_END_OF_LEASES(
        BrokenLeases.SleepsOverTheEndOfLeases::new, "E06_waitsForTheEndOfALease"),
    REQUEUES_SILENTLY(BrokenWakes.RequeuesSilently::new, "E06_wakesWhenRequeued"),
    CUTS_TIMES_TO_SECONDS(
        BrokenPuts::cutsTimesToSeconds, "S05_timesAreKeptToTheMillisecondUpToTheYear9999"),
    CUTS_DELAYS_TO_31_BITS(
        BrokenPuts::cutsDelaysTo31Bits, "S05_timesAreKeptToTheMillisecondUpToTheYear9999"),
    KEEPS_BODIES_AS_TEXT(BrokenPuts::keepsBodiesAsText, "S08_bodiesComeBackByteForByte"),
    SORTS_HEADERS(BrokenPuts::sortsHeaders, "S02_headersKeepTheirOrder"),
    FORGETS_THE_SCHEDULE(
        BrokenPuts::forgetsTheSchedule,
        "R08_scheduleIsKeptAsATextWithoutMeaning",
        "T01_recurringMessageMovesToItsNextOccurrence"),
    FORGETS_HOW_MANY_WERE_MISSED(BrokenPuts::forgetsHowManyWereMissed, "R05_progressIsKeptAsGiven"),
    LOOKS_BEFORE_IT_PUTS(
        BrokenPuts.LooksBeforeItPuts::new,
        "S04_racersWhoKeepMakeOneMessage",
        "S04_racersWhoFailMakeOneMessage"),
    KEEPS_ATTEMPTS_OF_THE_REPLACED(
        BrokenPuts.KeepsAttemptsOfTheReplaced::new, "S03_attemptsAndErrorStartAnew"),
    FOLDS_IDS(
        BrokenPuts.FoldsIds::new,
        "S09_idsAreTheSameExactlyWhenTheirBytesAre",
        "S09_whatIsDoneToAnIdLeavesThoseLikeItAlone"),
    ANSWERS_ONCE_A_BATCH(
        BrokenPuts.AnswersOnceABatch::new,
        "S07_eachOfABatchHasItsOwnResult",
        "S07_oneIdSeveralTimesInABatchCountsInOrder"),
    KNOWS_BETTER_HOW_LONG(BrokenLeases.KnowsBetterHowLong::new, "E03_leaseLastsFromNow"),
    REFUSES_AFTER_EXPIRY(
        BrokenSettles.RefusesAfterExpiry::new,
        "T04_settlingAfterExpiryCountsWhileNobodyElseHasLeased",
        "E05_extendingRevivesALeaseThatRanOutUnlessAnotherHasIt"),
    SAYS_YES_AGAIN(
        BrokenSettles.SaysYesAgain::new,
        "T04_settlingTwiceCountsOnce",
        "T04_ofRacersWhoSettleOneCounts"),
    EXTENDS_FROM_THE_END(
        BrokenSettles.ExtendsFromTheEnd::new,
        "E05_extendedLeaseLastsFromNow",
        "E05_extendingMayShortenALease"),
    EMITS_WHAT_IS_BURIED(
        BrokenSettles.EmitsWhatIsBuried::new,
        "T03_buriedMessageIsSetAside",
        "T07_buriedMessageStaysUntilRequeued"),
    MISCOUNTS(
        BrokenSettles.Miscounts::new, "T07_countsFollowEachStep", "S03_replacingRevokesTheLease"),
    SETTLES_WHAT_IS_REMOVED(BrokenSettles.SettlesWhatIsRemoved::new, "T06_removingRevokesTheLease"),
    SKIPS_BETWEEN_PAGES(BrokenSettles.SkipsBetweenPages::new, "T07_smallPagesShowEachMessageOnce"),
    TAKES_ANY_CURSOR(BrokenSettles.TakesAnyCursor::new, "S06_foreignCursorsAreRefused"),
    ANSWERS_AFTER_CLOSING(BrokenSettles.AnswersAfterClosing::new, "F01_callsAfterClosingFail"),
    PURGES_WHAT_WAITS_ONLY(
        BrokenSettles.PurgesWhatWaitsOnly::new, "T07_purgeRemovesAllOfAQueueAndRevokesItsLeases"),
    REQUEUES_WITH_ITS_ATTEMPTS(
        BrokenSettles.RequeuesWithItsAttempts::new,
        "T07_requeuedMessageIsDueNowWithAttemptsFromZero"),
    WAKES_FOR_THE_FIRST(BrokenWakes.WakesForTheFirst::new, "E06_wakesWhenABatchHoldsASoonerOne"),
    WAKES_THE_LAST(BrokenWakes.WakesTheLast::new, "E06_wakesAllWhoSleep"),
    WAKES_WHO_HAS_LEFT(BrokenWakes.WakesWhoHasLeft::new, "E06_wakesNobodyWhoHasLeft"),
    SLEEPS_A_MINUTE_AT_MOST(
        BrokenWakes.SleepsAMinuteAtMost::new,
        "E06_waitsForTheNextDueTime",
        "E06_waitsForFarTimesWithoutCuttingThem"),
    NEVER_SLEEPS(BrokenWakes.NeverSleeps::new, "E06_nothingToWaitForInAnEmptyQueue"),
    CUTS_LEASES_TO_31_BITS(
        BrokenLeases.CutsLeasesTo31Bits::new, "E03_leasesOfOneMillisecondAndOfCenturiesCount"),
    FORGETS_THE_LONG_PAST(BrokenLeases.ForgetsTheLongPast::new, "S05_pastDueTimeMeansNow"),
    SAYS_REPLACED(
        BrokenPuts.SaysReplaced::new,
        "S01_whatWasPutIsThere",
        "S04_keepAndFailCreateWhatIsNotThere"),
    REMEMBERS_IDS(BrokenPuts.RemembersIds::new, "S04_keepCreatesAnewWhatWasRemoved"),
    FOLDS_QUEUES(BrokenPuts.FoldsQueues::new, "S09_queuesAreToldApartByTheirBytes"),
    REFUSES_EMPTY_BATCHES(BrokenPuts.RefusesEmptyBatches::new, "S07_emptyBatchesDoNothing"),
    KEEPS_THE_ERROR_OF_BEFORE(
        BrokenSettles::keepsTheErrorOfBefore, "T02_errorIsForgottenWhenTheProgressHasNone"),
    COUNTS_WHAT_IS_RELEASED(
        BrokenSettles::countsWhatIsReleased,
        "T03_releasedMessageIsEmittedAtOnceAndItsAttemptNotCounted"),
    CUTS_ERRORS(BrokenSettles::cutsErrors, "S08_errorsOfFullSizeComeBack"),
    KEEPS_WHAT_IS_ACKED(BrokenSettles.KeepsWhatIsAcked::new, "T01_ackRemoves"),
    SETTLES_WHAT_IS_REQUEUED(
        BrokenSettles.SettlesWhatIsRequeued::new, "T04_settlingAfterRequeueingChangesNothing"),
    DOES_NOT_REMOVE_WHAT_IS_BURIED(
        BrokenSettles.DoesNotRemoveWhatIsBuried::new,
        "T06_removeSaysWhetherItWasThere",
        "T07_buriedMessageIsRemoved"),
    ONLY_SAYS_IT_REMOVES(
        BrokenSettles.OnlySaysItRemoves::new,
        "T06_removeSaysWhetherItWasThere",
        "T06_removedMessageIsNotEmitted"),
    RESCHEDULES_BY_PUTTING(
        BrokenOperations.ReschedulesByPutting::new,
        "O03_whatIsLeasedOrGoneIsNotRescheduled",
        "O03_aMessageIsLeasedOrRescheduled",
        "O03_aLeaseThatRanOutIsSettledOrRescheduled",
        "O03_noUpdateIsLostToARescheduling"),
    ONLY_SAYS_IT_PAUSES(
        BrokenOperations.OnlySaysItPauses::new,
        "O04_nothingOfAPausedQueueIsLeased",
        "O04_aQueueStaysPausedWhenTheProcessIsKilled"),
    RESUMES_IN_SILENCE(BrokenOperations.ResumesInSilence::new, "O04_wakesWhenResumed"),
    SEARCHES_ONE_PAGE(
        BrokenOperations.SearchesOnePage::new, "O02_searchShowsEachIdThatBeginsSoOnce"),
    COUNTS_WITHOUT_END(
        BrokenOperations.CountsWithoutEnd::new, "O05_countsWhatIsDueWithinEachWindow"),
    FAILS_WHEN_CLOSED_AGAIN(BrokenSettles.FailsWhenClosedAgain::new, "H02_mayBeClosedTwice");

    private final BiFunction<Store, InstantSource, Store> breaking;
    private final Set<String> failing;

    Broken(UnaryOperator<Store> breaking, String... failing) {
      this((whole, clock) -> breaking.apply(whole), failing);
    }

    Broken(BiFunction<Store, InstantSource, Store> breaking, String... failing) {
      this.breaking = breaking;
      this.failing = new TreeSet<>(Arrays.asList(failing));
    }

    Store open(Path directory, InstantSource clock) {
      return breaking.apply(OutlastingStore.open(directory, clock), clock);
    }
  }

  /** The suite over the store that is being looked at; run by the launcher only. */
  static final class Subject extends StoreContract {
    private static volatile Broken broken = Broken.FORGETS;

    @Override
    protected Store open(Path directory, InstantSource clock) {
      return broken.open(directory, clock);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTestsOfTheRuleThatIsBrokenFail(Broken broken) {
    Subject.broken = broken;
    Map<String, TestExecutionResult> results = run(broken.failing);
    assertThat(results.keySet()).as("tests that were run").isEqualTo(broken.failing);
    results.forEach(
        (test, result) ->
            assertThat(result.getThrowable())
                .as("what %s says of a store that %s", test, broken)
                .containsInstanceOf(AssertionError.class));
  }

  private static Map<String, TestExecutionResult> run(Set<String> tests) {
    PostDiscoveryFilter named =
        test ->
            FilterResult.includedIf(
                test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(source -> tests.contains(((MethodSource) source).getMethodName()))
                    .orElse(!test.isTest()));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(Subject.class))
            .filters(named)
            .build();
    Map<String, TestExecutionResult> results = new TreeMap<>();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                test.getSource()
                    .filter(source -> test.isTest())
                    .ifPresent(
                        source -> results.put(((MethodSource) source).getMethodName(), result));
              }
            });
    return results;
  }

  /** Says that it outlives its process, and does not. */
  private static final class ClaimsToLast extends ForwardingStore {
    private final Store unused;

    ClaimsToLast(Store whole, Store unused) {
      super(whole);
      this.unused = unused;
    }

    @Override
    public Set<Capability> capabilities() {
      return unused.capabilities();
    }

    @Override
    public void close() {
      super.close();
      unused.close();
    }
  }
}
