package dev.pitstop.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may use whom. */
@AnalyzeClasses(packages = "dev.pitstop", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
  private static final String[] OUTSIDE_CORE = {
    "dev.pitstop.json..",
    "dev.pitstop.testing..",
    "dev.pitstop.tck..",
    "dev.pitstop.rocksdb..",
    "dev.pitstop.mongodb..",
    "dev.pitstop.sql..",
    "dev.pitstop.wire..",
    "dev.pitstop.client..",
    "dev.pitstop.broker..",
    "dev.pitstop.kafka..",
    "dev.pitstop.nats..",
    "dev.pitstop.rabbitmq..",
    "dev.pitstop.servers..",
    "dev.pitstop.webhook..",
    "dev.pitstop.cli..",
    "dev.pitstop.bench.."
  };

  @ArchTest
  static final ArchRule nobodyOutsideCoreUsesTheEngine =
      noClasses()
          .that()
          .resideInAnyPackage(OUTSIDE_CORE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.pitstop.engine..");

  @ArchTest
  static final ArchRule noStoreKnowsTheEngine =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.pitstop.memory..",
              "dev.pitstop.rocksdb..",
              "dev.pitstop.mongodb..",
              "dev.pitstop.client..",
              "dev.pitstop.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.pitstop.engine..");

  @ArchTest
  static final ArchRule noBrokerKnowsAStore =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.pitstop.broker..",
              "dev.pitstop.kafka..",
              "dev.pitstop.nats..",
              "dev.pitstop.rabbitmq..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.pitstop.engine..",
              "dev.pitstop.memory..",
              "dev.pitstop.rocksdb..",
              "dev.pitstop.mongodb..",
              "dev.pitstop.sql..");

  @ArchTest
  static final ArchRule theEngineKnowsNoStore =
      noClasses()
          .that()
          .resideInAPackage("dev.pitstop.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.pitstop.memory..",
              "dev.pitstop.rocksdb..",
              "dev.pitstop.mongodb..",
              "dev.pitstop.client..",
              "dev.pitstop.sql..");

  @ArchTest
  static final ArchRule theCommandLineUsesTheApiThatUsersHave =
      noClasses()
          .that()
          .resideInAPackage("dev.pitstop.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.pitstop.rocksdb..",
              "dev.pitstop.memory..",
              "dev.pitstop.mongodb..",
              "dev.pitstop.client..",
              "dev.pitstop.sql..");

  @ArchTest
  static final ArchRule brokersAreKnownByTheirAddressOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.pitstop.rabbitmq..")
          .and()
          .resideOutsideOfPackage("dev.pitstop.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.pitstop.rabbitmq..");

  @ArchTest
  static final ArchRule clientAndServerShareTheWireAndNothingElse =
      noClasses()
          .that()
          .resideInAnyPackage("dev.pitstop.client..", "dev.pitstop.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.pitstop.server..", "dev.pitstop.lines..");

  @ArchTest
  static final ArchRule theServerKnowsNoClient =
      noClasses()
          .that()
          .resideInAPackage("dev.pitstop.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.pitstop.client..");

  @ArchTest
  static final ArchRule nothingDependsOnTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.pitstop.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.pitstop.cli..");

  @ArchTest
  static final ArchRule coreNeedsLoggingAndNullnessOnly =
      classes()
          .that()
          .resideInAnyPackage(
              "dev.pitstop", "dev.pitstop.spi..", "dev.pitstop.engine..", "dev.pitstop.memory..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.slf4j..",
              "org.jspecify..",
              "dev.pitstop",
              "dev.pitstop.spi..",
              "dev.pitstop.engine..",
              "dev.pitstop.memory..");
}
