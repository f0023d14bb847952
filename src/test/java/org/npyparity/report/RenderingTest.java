package org.npyparity.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.npyparity.array.NdArray;
import org.npyparity.audit.CaseAuditor;
import org.npyparity.audit.CaseProblem;
import org.npyparity.audit.Diagnosis.Arbitration;
import org.npyparity.audit.Scope;
import org.npyparity.audit.Shard;
import org.npyparity.compare.Bound;
import org.npyparity.compare.Comparator;
import org.npyparity.compare.Policy;
import org.npyparity.compare.Verdict;
import org.npyparity.fixture.Case;
import org.npyparity.fixture.CaseReader;
import org.npyparity.operation.Stage;
import org.npyparity.report.Report.CaseEntry;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What people and CI servers get to see. */
class RenderingTest {
    private static final String EVIL =
            "</script><script>alert('1')</script><img src=x onerror=\"alert(2)\">&|`]]>\u0007";
    private static Report passing;
    private static Report failing;
    private static Report hostile;

    @BeforeAll
    static void audit() {
        passing = Audits.passing();
        failing = Audits.failing(Shard.WHOLE);
        hostile = Audits.withPairs(Audits.hostile(failing, EVIL), EVIL);
    }

    private static String html(Report report) {
        return Audits.render(out -> Templates.html(new ReportView(report), out));
    }

    private static String junit(Report report) {
        return Audits.render(out -> Templates.junit(new ReportView(report), out));
    }

    private static String summary(Report report) {
        return Audits.render(out -> Templates.summary(new ReportView(report), out));
    }

    @Test
    void junitXmlFitsItsSchemaAlsoWithHostileNames() throws Exception {
        var schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(RenderingTest.class.getResource("junit.xsd"));
        Report partial = Audits.with(
                passing,
                "ledger",
                Audits.with(passing.ledger(), "arraysLeft", List.of("a", EVIL), "arraysUnread", List.of(EVIL)));
        for (Report report : List.of(passing, failing, hostile, partial)) {
            schema.newValidator().validate(new StreamSource(new StringReader(junit(report))));
        }
    }

    @Test
    void junitXmlHasATestForEveryJudgementAndTheFactsOfEveryFailure() throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(junit(failing))));
        // One more stands for the ledger itself.
        assertEquals(
                failing.ledger().comparisons() + 1,
                document.getElementsByTagName("testcase").getLength());
        NodeList failures = document.getElementsByTagName("failure");
        assertEquals(
                failing.runs()
                        .flatMap(o -> o.run().judgements().stream())
                        .filter(j -> !j.passes())
                        .count(),
                failures.getLength());
        String facts = failures.item(0).getTextContent();
        assertTrue(facts.contains("worst / bound") && facts.contains("repeat: bin/npyparity audit"), facts);
    }

    @Test
    void htmlLetsNothingThroughAndAsksForNothing() {
        String html = html(hostile);
        assertFalse(html.contains("<script>alert"));
        assertFalse(html.contains("<img"));
        assertEquals(2, html.split("</script>", -1).length - 1, "the data's and the program's");
        assertFalse(html.matches("(?s).*(src|href)=\"?(https?:)?//.*"));
        assertTrue(html.contains("default-src 'none'"));
    }

    @Test
    void markdownLetsNothingThrough() {
        String summary = summary(hostile);
        assertFalse(summary.contains("<script"));
        assertFalse(summary.contains("<img"));
        summary.lines()
                .filter(l -> l.startsWith("| <code>conv2d"))
                .forEach(l -> assertEquals(8, l.split("(?<!\\\\)\\|", -1).length - 1, l));
    }

    @Test
    void theSummaryOfALargeFailureFitsAJobSummary() {
        String summary = summary(Audits.enlarged(failing, 2000));
        assertTrue(summary.length() < 100_000, () -> summary.length() + " characters: GitHub shows up to 1 MiB");
        assertTrue(summary.startsWith("## ❌ broken does not agree with NumPy\n"), summary);
    }

    @Test
    void everyReportSaysWhichShareOfTheBitsEqualsNumpys() {
        Equality equality = passing.engines().get(0).equality();
        assertTrue(equality != null);
        String share = Numbers.share(equality.equalBits(), equality.elements());
        assertTrue(html(passing).contains("ejml " + share), share);
        assertTrue(
                summary(passing).contains("| bits equal to NumPy's, where rounding is allowed | " + share + " |"),
                share);
        assertTrue(
                ConsoleReport.render(passing, false)
                        .lines()
                        .anyMatch(l -> l.matches(" +bits equal to NumPy's +" + share)),
                share);
    }

    @Test
    void zerosOfTheOtherSignAreNoEqualBitsAndEveryReportSaysSo() {
        Report report = Audits.withEquality(passing, new Equality(1000, 900, 800, 0.8));
        assertTrue(html(report).contains("ejml 80.00 %. But for the sign of zeros: ejml 90.00 %"));
        assertTrue(summary(report).contains("| and but for the sign of zeros | 90.00 % |"));
        assertTrue(ConsoleReport.render(report, false)
                .lines()
                .anyMatch(l -> l.matches(" +and but for the sign of zeros +90.00 %")));
        Report same = Audits.withEquality(passing, new Equality(1000, 800, 800, 0.8));
        for (String text : List.of(html(same), summary(same), ConsoleReport.render(same, false))) {
            assertTrue(text.contains("80.00 %") && !text.contains("the sign of zeros"), text);
        }
    }

    @Test
    void aShareIsRoundedDownAndADashOfNothing() {
        assertEquals("99.99 %", Numbers.share(99_999_999, 100_000_000));
        assertEquals("100.00 %", Numbers.share(7, 7));
        assertEquals("–", Numbers.share(0, 0));
    }

    @Test
    void thePairsStandInEveryReport() {
        Report report = Audits.withPairs(passing, "");
        String apart = "mismatch in 3 of 18 arrays, worst / bound 1.23e+03 in b, dweights";
        for (String text : List.of(html(report), summary(report), ConsoleReport.render(report, false))) {
            for (String part : List.of("NumPy 1.24.2, blas", "0.457", "96.30 %", "100.00 %", "✗ 1.23e+03", "1.70 %")) {
                assertTrue(text.contains(part), () -> part + " in " + text);
            }
            assertTrue(text.contains("B (theirs) and C (ejml)") && text.contains("mismatch in 3 of 18 arrays"), text);
            assertTrue(text.contains("Not all computations agree with one another"), text);
            assertTrue(text.contains("1 of 3 pairs compared does not agree."), text);
        }
        assertTrue(html(report).contains(apart));
        assertTrue(Audits.render(out -> Templates.junit(new ReportView(report), out))
                .contains("name=\"B (theirs) and C (ejml)\" time=\"0\"><failure type=\"mismatch\""));
        assertFalse(html(passing).contains("id=\"pairs\""), "a report without pairs has no such section");
    }

    @Test
    void theTerminalGetsAVerdictAndTheLedgerLast() {
        String text = ConsoleReport.render(failing, false);
        List<String> lines = text.lines().toList();
        assertTrue(lines.get(0).startsWith("✗ broken: col2im → dpadding_data, "), text);
        assertTrue(lines.get(lines.size() - 2).startsWith("MISMATCH  broken does not agree with NumPy."), text);
        assertEquals(
                "29 cases, " + Numbers.count(failing.ledger().arraysJudged()) + " arrays, "
                        + Numbers.count(failing.ledger().elements()) + " elements compared in 1.23 s",
                lines.get(lines.size() - 1));
        assertFalse(text.contains("\u001b"));
        assertTrue(ConsoleReport.render(failing, true).contains("\u001b[1;31m"));
        assertFalse(ConsoleReport.render(hostile, false).contains("\u0007"), "a file cannot ring the bell");
    }

    @Test
    void theTerminalListsTheExampleFirstAndNoCaseTwice() {
        List<String> lines = ConsoleReport.render(failing, false).lines().toList();
        List<Finding> findings = new ReportView(failing).findings();
        Finding finding = findings.get(0);
        assertTrue(lines.get(1).endsWith("outside  case"), lines::toString);
        List<String> rows = lines.subList(2, 5).stream()
                .map(row -> row.substring(row.lastIndexOf(' ') + 1))
                .toList();
        assertEquals(finding.example().subject().id(), rows.get(0));
        assertEquals(3, rows.stream().distinct().count(), rows::toString);
        assertEquals("    … " + (finding.outcomes().size() - 3) + " more cases", lines.get(5));
    }

    @Test
    void whatNumPyWouldSayOfAFailureStandsInEveryReportAndOfAPassNowhere() {
        Finding finding = new ReportView(failing).findings().get(0);
        Report.Judged judged = finding.judged();
        assertTrue(judged.violations() != null);
        assertEquals(judged.failing(), judged.violations().mismatched());
        String numbers = String.format(
                Locale.ROOT,
                "mismatched %s of %s (%s%%), among them max absolute difference %s, max relative %s",
                Numbers.count(judged.failing()),
                Numbers.count(judged.elements()),
                Numbers.measure(100.0 * judged.failing() / judged.elements()),
                Numbers.measure(judged.violations().largestAbsolute()),
                Numbers.measure(judged.violations().largestRelative()));
        String places = "; first at "
                + judged.firstPoints().stream().map(p -> p.index().toString()).collect(Collectors.joining(", "));
        assertTrue(ConsoleReport.render(failing, false).lines().anyMatch(l -> l.equals("    " + numbers + places)));
        assertTrue(html(failing).contains("in the case shown: " + numbers + places + "."));
        assertTrue(summary(failing)
                .contains("max absolute difference "
                        + Numbers.exact(judged.violations().largestAbsolute())));
        assertTrue(
                Audits.render(out -> ReportJson.write(failing, out)).contains("\"violations\":{\"nan_locations\":0,"));
        assertFalse(Audits.render(out -> ReportJson.write(passing, out)).contains("violations"), "nothing to say");
    }

    @Test
    void nanAndInfinitiesThatFailAreCountedApart() {
        NdArray expected = NdArray.of(new double[] {1, 1, 1, 8}, 2, 2);
        Report.Judged judged = against(expected, Double.NaN, 1, Double.POSITIVE_INFINITY, 7);
        assertEquals(
                "1 NaN on one side only; 1 infinite on one side only or of the other sign; mismatched 1 of 4 (25.0%),"
                        + " among them max absolute difference 1.00, max relative 0.125; first at [0, 0], [1, 0], [1, 1]",
                Facts.outside(judged));
    }

    @Test
    void aNanIsNoNumberOfBoundsAwayAndWhatIsBeyondTheBoundBesideItIs() {
        NdArray expected = NdArray.of(new double[] {1, 1, 1, 8}, 2, 2);
        assertEquals("–", ReportView.fraction(against(expected, Double.NaN, 1, 1, 8)));
        assertEquals("–", ReportView.fraction(against(expected, Double.NaN, 1 + 1e-8, 1, 8)));
        assertEquals("1.43e+06", ReportView.fraction(against(expected, Double.NaN, 1, 1, 9.14)));
        assertEquals("0", ReportView.fraction(against(expected, 1, 1, 1, 8)));
    }

    @Test
    void aZeroOfTheWrongSignIsInfinitelyManyBoundsAway() {
        NdArray negative = NdArray.of(new double[] {-0.0}, 1);
        String facts = Facts.of(
                Comparator.compare(negative, NdArray.of(new double[] {0}, 1), new Policy.Exact(true), Bound.exact()),
                Facts.Shown::of);
        assertTrue(facts.lines().anyMatch(l -> l.startsWith("worst / bound") && l.contains(" inf at [0]")), facts);
    }

    private static Report.Judged against(NdArray expected, double... actual) {
        Policy policy = Policy.AllClose.DEFAULT;
        return Entries.judged(
                "gemm",
                "dweights",
                Scope.LOCAL,
                Comparator.compare(NdArray.of(actual, 2, 2), expected, policy, Bound.exact()),
                policy,
                0);
    }

    @Test
    void ofManySentencesTheTerminalShowsSomeAndCountsTheRest() {
        List<String> many = Collections.nCopies(43, "a sentence");
        String text = ConsoleReport.render(
                Audits.with(passing, "ledger", Audits.with(passing.ledger(), "refused", many, "gaps", many)), false);

        assertEquals(5, text.lines().filter("gap  a sentence"::equals).count());
        assertTrue(text.contains("\n    … 38 more gaps\n") && text.contains("\n    … 38 more refusals\n"), text);
        assertFalse(text.contains("--arrays"), "engines were judged: nothing can be left out");
    }

    @Test
    void whoIsWrongIsToldOnTheTerminalInHtmlInJunitXmlAndInJson() {
        List<Arbitration> who = failing.runs()
                .filter(o -> o.run().engine().equals(BrokenEngine.NAME))
                .flatMap(o -> o.run().who().stream())
                .toList();
        assertFalse(who.isEmpty());
        assertTrue(who.stream().allMatch(w -> w.verdict().equals("actual is wrong")), who::toString);
        assertTrue(
                ConsoleReport.render(failing, false)
                        .lines()
                        .anyMatch(l -> l.matches(
                                "    who: dpadding_data\\[.*\\] is exactly \\S+, actual \\S+; actual is wrong; error / "
                                        + "bound: actual \\S+, .* ULP; expected 0, 0 ULP")),
                () -> ConsoleReport.render(failing, false));
        assertTrue(html(failing).contains(">actual is wrong</td>"));
        assertTrue(junit(failing).contains("actual is wrong; error / bound: actual inf, "));
        assertTrue(Audits.render(out -> ReportJson.write(failing, out)).contains("\"expected_ulp\":0"));
    }

    /** As in a direct engine: a kernel makes din_data, and the document's last step makes it once more. */
    @Test
    void whoIsWrongIsToldOfTheStageThatWasJudgedAndNotOfAnotherThatMakesTheSameArray() {
        Case subject = CaseReader.read(Audits.GOLDEN.resolve("conv2d-exact-float64-b3-h6w9c2-d4-k3s2p1-aaa59041"));
        List<Stage> stages = CaseProblem.of(subject).problem().stages("ejml");
        List<Stage> wrong = new ArrayList<>(stages.subList(0, stages.size() - 1));
        wrong.add(new Stage("direct-input-gradient", List.of("dfilter_data", "weights"), "din_data", a -> off(a, 0)));
        wrong.add(new Stage("unpad", List.of("dpadding_data"), "din_data", a -> off(a, 1)));
        Report.Outcome outcome = Entries.outcome(new CaseAuditor(subject, Optional.empty()).audit("two ways", wrong));

        List<Report.Judged> local = outcome.run().judgements().stream()
                .filter(j -> !j.passes() && j.scope() == Scope.LOCAL)
                .toList();
        assertEquals(
                List.of("direct-input-gradient", "unpad"),
                local.stream().map(Report.Judged::stage).toList());
        for (int i = 0; i < local.size(); i++) {
            assertEquals(
                    List.of(List.of(0, 0, 0, i)),
                    outcome.run().who(local.get(i)).stream()
                            .map(Arbitration::index)
                            .toList());
            String facts = Facts.of(outcome, local.get(i));
            assertTrue(facts.contains("exact at [0, 0, 0, " + i + "]"), facts);
            assertFalse(facts.contains("exact at [0, 0, 0, " + (1 - i) + "]"), facts);
        }
        String html =
                html(Audits.withCases(failing, List.of(failing.cases().get(0).with(List.of(outcome.run())))));
        assertTrue(html.contains("\"who\":[[\"din_data[0, 0, 0, 0]\",\"direct-input-gradient\",\"local\","), html);
        assertTrue(html.contains("[\"din_data[0, 0, 0, 1]\",\"unpad\",\"local\","), html);
    }

    /** The right din_data, but for that element of its first pixel. */
    private static NdArray off(Map<String, NdArray> arrays, int element) {
        NdArray right = arrays.get("din_data");
        if (right == null) {
            return NdArray.of(new double[3 * 6 * 9 * 2], 3, 6, 9, 2);
        }
        NdArray wrong = right.copy();
        wrong.set(element, 1 + wrong.get(element));
        return wrong;
    }

    @Test
    void theHeadlineSaysWhatAStrangerNeedsToKnow() {
        assertEquals("ejml agrees with NumPy", new ReportView(passing).headline());
        assertEquals("broken does not agree with NumPy", new ReportView(failing).headline());
        Report gap = Audits.with(passing, "ledger", Audits.with(passing.ledger(), "gaps", List.of("a gap")));
        assertEquals("What was judged agrees with NumPy, but something was not judged", new ReportView(gap).headline());
        Report undecided = Audits.with(gap, "verdict", Verdict.UNDECIDABLE);
        assertEquals(
                "Nothing is known to be wrong, but something was not judged", new ReportView(undecided).headline());
        Report refused = Audits.with(passing, "ledger", Audits.with(passing.ledger(), "refused", List.of("bad")));
        assertEquals(ReportView.Status.BAD_INPUT, new ReportView(refused).status());
        assertTrue(new ReportView(refused).lead().endsWith("1 input was refused."));
    }

    @Test
    void whatIsUndecidableIsNotSaidToBeWrong() {
        Report undecidable = Audits.withCases(
                Audits.with(failing, "verdict", Verdict.UNDECIDABLE),
                failing.cases().stream()
                        .map(c -> c.with(c.runs().stream()
                                .map(RenderingTest::undecidable)
                                .toList()))
                        .toList());
        String lead = new ReportView(undecidable).lead();
        assertTrue(lead.contains(" of broken the bound proves nothing"), lead);
        String html = html(undecidable);
        String findings =
                html.substring(html.indexOf("<section id=\"findings\""), html.indexOf("<section id=\"margins\""));
        assertFalse(junit(undecidable).contains("fails first"));
        for (String text : List.of(ConsoleReport.render(undecidable, false), findings, summary(undecidable))) {
            assertTrue(text.toLowerCase(Locale.ROOT).contains("undecidable too: "), text);
            for (String wrong :
                    List.of("goes wrong", "fail by themselves", "the bug is", "in its wake", "fails first")) {
                assertFalse(text.contains(wrong), () -> wrong + " in " + text);
            }
        }
    }

    @Test
    void anUndecidableStageIsNoPlaceWhereAnotherIsWrong() {
        Report.Run wrong = failing.runs()
                .map(Report.Outcome::run)
                .filter(r -> !r.passes())
                .findFirst()
                .orElseThrow();
        List<Report.Judged> judgements = wrong.judgements().stream()
                .map(j -> j.array().equals("dbias") ? Audits.with(j, "verdict", Verdict.UNDECIDABLE) : j)
                .toList();
        assertEquals(
                List.of("col2im"),
                wrong.with(judgements).places().stream()
                        .map(Report.Judged::stage)
                        .toList());
    }

    /** What fails there, and dbias too. */
    private static Report.Run undecidable(Report.Run run) {
        List<Report.Judged> judgements = run.judgements().stream()
                .map(j -> j.passes() && !j.array().equals("dbias")
                        ? j
                        : Audits.with(j, "verdict", Verdict.UNDECIDABLE, "picture", null))
                .toList();
        return run.passes()
                ? run
                : Audits.with(
                        run,
                        "verdict",
                        Verdict.UNDECIDABLE,
                        "judgements",
                        judgements,
                        "who",
                        List.of(),
                        "what",
                        List.of());
    }

    @Test
    void everyArrayHasItsLargestErrorInTheMargins() {
        List<ArrayRow> rows = new ReportView(passing).arrays();
        List<String> arrays = rows.stream().map(ArrayRow::array).toList();
        assertEquals(
                List.of(
                        "matric_data",
                        "filter_data",
                        "out_data",
                        "dfilter_data",
                        "dweights",
                        "dbias",
                        "dmatric_data",
                        "dpadding_data",
                        "din_data"),
                arrays);
        String html = html(passing);
        for (ArrayRow row : rows) {
            double largest = passing.runs()
                    .flatMap(o -> o.run().judgements().stream())
                    .filter(j -> j.array().equals(row.array()) && j.differing() > 0)
                    .mapToDouble(Report.Judged::worstFraction)
                    .max()
                    .orElse(0);
            assertEquals(largest, row.fraction(), row::array);
            assertTrue(
                    html.contains(largest == 0 ? row.same() : "<b>" + Numbers.measure(largest) + "</b>"), row::array);
        }
        passing.cases().stream().map(CaseEntry::id).forEach(id -> assertTrue(html.contains(id), id));
    }
}
