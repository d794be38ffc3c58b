package io.lull.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house, on the compiled classes of all modules. */
class ArchitectureTest {
    private static final Pattern UNIT =
            Pattern.compile(".*(Nanos|Micros|Millis|Bytes|Pages|Packets|Ratio|PerSecond|Epochs|Cores|Id|Max).*");
    private static JavaClasses house = new ClassFileImporter().importPackages();

    @BeforeAll
    static void readAllClasses() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                // Tests that other modules use are in a jar of their own.
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("io.lull");
    }

    @Test
    void allModulesAreSeen() {
        for (String part : new String[] {"policy", "schemas", "producer", "job", "worker", "lab", "local"}) {
            assertThat(house.stream().filter(c -> c.getPackageName().startsWith("io.lull." + part)))
                    .as("classes of " + part)
                    .isNotEmpty();
        }
    }

    @Test
    void policyDependsOnTheJdkAlone() {
        check(classes()
                .that()
                .resideInAPackage("io.lull.policy..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.lull.policy..", "java..", "org.jspecify.."));
    }

    @Test
    void policyReadsNoClockDrawsNoNumberAndDoesNoIo() {
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.policy..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.Random.class, java.util.concurrent.ThreadLocalRandom.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io", "java.nio..", "java.net..", "java.util.logging.."));
    }

    @Test
    void numbersInPolicyCarryTheirUnit() {
        check(classes()
                .that()
                .resideInAPackage("io.lull.policy..")
                .and()
                .areRecords()
                .and()
                .doNotHaveFullyQualifiedName("io.lull.policy.Decision$NamedValue") // its name says the unit
                .should(nameUnitsOf("long"))
                .andShould(nameUnitsOf("double")));
    }

    @Test
    void flinkStaysInTheJobAndInTheClusterThatRunsItHere() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.lull.job..", "io.lull.local.kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.flink.."));
    }

    @Test
    void kafkaStaysInPackagesNamedForIt() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.lull..kafka..")
                .should()
                .dependOnClassesThat(library("org.apache.kafka.", "kafka.")));
    }

    @Test
    void avroClassesStayInSchemasAndInPackagesNamedKafka() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.lull.schemas..", "io.lull..kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lull.schemas.avro..", "org.apache.avro.."));
    }

    @Test
    void compressionAndHashingStayInThePagePackage() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.lull.worker.page..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.jpountz..", "net.openhft..", "com.github.luben.."));
    }

    @Test
    void certificatesAreWrittenInOnePlace() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.lull.worker.certs..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bouncycastle.."));
    }

    @Test
    void encryptionIsTheBusinessOfTheWire() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.lull.worker.wire..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.net.ssl.."));
    }

    @Test
    void prometheusIsTheBusinessOfTheExporter() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.lull.worker.exporter..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.prometheus.."));
    }

    @Test
    void theExporterKnowsWorkersByTheirStatusAloneAndIsNoPartOfOne() {
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.worker.exporter..")
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("are of the worker, but for its status") {
                    @Override
                    public boolean test(JavaClass candidate) {
                        String name = candidate.getPackageName();
                        return name.startsWith("io.lull.worker.")
                                && !name.startsWith("io.lull.worker.exporter")
                                && !name.equals("io.lull.worker.status");
                    }
                }));
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.worker..")
                .and()
                .resideOutsideOfPackage("io.lull.worker.exporter..")
                .and()
                .doNotHaveSimpleName("ExporterCommand")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lull.worker.exporter.."));
    }

    @Test
    void modulesDependInOneDirection() {
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.schemas..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lull.producer..", "io.lull.worker..", "io.lull.job..", "io.lull.lab..", "io.lull.local.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.producer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lull.worker..", "io.lull.job..", "io.lull.lab..", "io.lull.local.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lull.job..", "io.lull.lab..", "io.lull.local.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.job..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lull.producer..", "io.lull.worker..", "io.lull.lab..", "io.lull.local.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.lab..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lull.producer..", "io.lull.job..", "io.lull.local.."));
        // Recordings are files of the schemas: they are read in one place, which makes simulated workloads of them.
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.lab..")
                .and()
                .resideOutsideOfPackage("io.lull.lab.trace..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lull.schemas.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.lull.lab.trace..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.lull.schemas.avro..", "io.lull.schemas.wire..", "io.lull.schemas.topic.."));
    }

    @Test
    void packagesOfTheWorkerAreFreeOfCycles() {
        check(slices().matching("io.lull.worker.(*)..").should().beFreeOfCycles());
    }

    @Test
    void packagesOfTheLaboratoryAreFreeOfCycles() {
        check(slices().matching("io.lull.lab.(*)..").should().beFreeOfCycles());
    }

    @Test
    void packagesOfThePolicyAreFreeOfCycles() {
        check(slices().matching("io.lull.policy.(*)..").should().beFreeOfCycles());
    }

    @Test
    void noPackageHasANameThatSaysNothing() {
        check(noClasses()
                .should()
                .resideInAnyPackage("..util..", "..common..", "..helper..", "..manager..", "..impl.."));
    }

    private static void check(ArchRule rule) {
        rule.check(house);
    }

    private static DescribedPredicate<JavaClass> library(String... prefixes) {
        return new DescribedPredicate<>("are of a library in " + String.join(", ", prefixes)) {
            @Override
            public boolean test(JavaClass candidate) {
                for (String prefix : prefixes) {
                    if (candidate.getName().startsWith(prefix)) {
                        return true;
                    }
                }
                return false;
            }
        };
    }

    /** Counters of things that are named in the plural need no unit (writes, flushes, samples, epochs), nor seeds. */
    private static ArchCondition<JavaClass> nameUnitsOf(String type) {
        return new ArchCondition<>("have units in the names of their fields of type " + type) {
            @Override
            public void check(JavaClass record, ConditionEvents events) {
                record.getFields().stream()
                        .filter(field -> field.getRawType().getName().equals(type))
                        .filter(field ->
                                !field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC))
                        .filter(field -> !UNIT.matcher(capital(field.getName())).matches())
                        .filter(field -> !field.getName().equals("epoch")
                                && !field.getName().equals("term")
                                && !field.getName().equals("seed")
                                && !field.getName().endsWith("s"))
                        .forEach(field -> events.add(SimpleConditionEvent.violated(
                                field, field.getFullName() + " has no unit in its name")));
            }

            private String capital(String name) {
                return Character.toUpperCase(name.charAt(0)) + name.substring(1);
            }
        };
    }
}
