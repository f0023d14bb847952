package org.npyparity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point one way; ARCHITECTURE.md draws them. */
@AnalyzeClasses(packages = "org.npyparity", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching("org.npyparity.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOBODY_IMPORTS_A_DOOR = noClasses()
            .that()
            .resideOutsideOfPackages("org.npyparity.cli..", "org.npyparity.junit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.npyparity.cli..", "org.npyparity.junit..");

    @ArchTest
    static final ArchRule THE_FORMAT_STANDS_ALONE = noClasses()
            .that()
            .resideInAPackage("org.npyparity.jnpy..")
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "are of another package of the project",
                    c -> c.getPackageName().startsWith("org.npyparity")
                            && !c.getPackageName().startsWith("org.npyparity.jnpy")));

    @ArchTest
    static final ArchRule THE_SUBJECT_AND_THE_VERDICT_KNOW_NO_FIXTURE = noClasses()
            .that()
            .resideInAnyPackage("org.npyparity.jnpy..", "org.npyparity.compare..", "org.npyparity.conv..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.npyparity.fixture..",
                    "org.npyparity.operation..",
                    "org.npyparity.audit..",
                    "org.npyparity.report..");

    @ArchTest
    static final ArchRule FIXTURES_KNOW_NO_OPERATION = noClasses()
            .that()
            .resideInAPackage("org.npyparity.fixture..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.npyparity.conv..", "org.npyparity.operation..", "org.npyparity.audit..");

    /** Whoever makes fixtures need not know how they are judged. */
    @ArchTest
    static final ArchRule EMISSION_KNOWS_NO_OPERATION = noClasses()
            .that()
            .resideInAPackage("org.npyparity.python..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.npyparity.conv..",
                    "org.npyparity.operation..",
                    "org.npyparity.audit..",
                    "org.npyparity.report..");

    @ArchTest
    static final ArchRule THE_SUBJECT_AND_THE_VERDICT_ARE_APART = noClasses()
            .that()
            .resideInAPackage("org.npyparity.compare..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.npyparity.conv..");

    /** Results are values: only the command line talks and only it ends the process. */
    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS = noClasses()
            .that()
            .resideOutsideOfPackage("org.npyparity.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(System.class, "exit", int.class);
}
