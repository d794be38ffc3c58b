package io.lull.bench.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of the house for this module: what it measures with stays where its name says. */
class ArchitectureTest {
    private final JavaClasses bench = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.lull.bench.job");

    @Test
    void flinkStaysInThePackageNamedForIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lull.bench.job.flink..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink..")
                .check(bench);
    }

    @Test
    void kafkaStaysInPackagesNamedForIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lull.bench.job.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..")
                .check(bench);
    }

    @Test
    void theLoadAndTheReportKnowNoContender() {
        noClasses()
                .that()
                .resideInAnyPackage("io.lull.bench.job.load..", "io.lull.bench.job.report..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lull.bench.job.kafka..", "io.lull.bench.job.flink..", "io.lull.bench.job.process..")
                .check(bench);
    }
}
