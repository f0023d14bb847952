package org.npyparity.report;

import freemarker.template.TemplateDirectiveModel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.npyparity.audit.Ledger;
import org.npyparity.audit.Picture;
import org.npyparity.audit.Scope;
import org.npyparity.compare.Verdict;
import org.npyparity.report.Report.Judged;
import org.npyparity.report.Report.Outcome;

/** What all renderers say of a report, worded and ordered once. Public only because templates see it by reflection. */
public final class ReportView {
    /** How sure a reader may be, in one word. */
    public enum Status {
        PARITY,
        UNDECIDABLE,
        INCOMPLETE,
        MISMATCH,
        BAD_INPUT;

        /** The word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private final Report report;
    private final Totals totals;
    private final List<Outcome> failing;
    private final List<Finding> findings;
    private final List<ArrayRow> arrays;
    private final Map<String, Picture> pictures;

    ReportView(Report report) {
        this.report = report;
        this.totals = report.cases().totals();
        this.failing = report.cases().outcomes(totals.failures());
        this.findings = Finding.of(report.cases());
        this.arrays = totals.arrays();
        this.pictures = report.cases().pictures();
    }

    public Report report() {
        return report;
    }

    public Status status() {
        if (report.verdict() == Verdict.MISMATCH) {
            return Status.MISMATCH;
        }
        if (!report.ledger().refused().isEmpty()) {
            return Status.BAD_INPUT;
        }
        if (!report.ledger().gaps().isEmpty()) {
            return Status.INCOMPLETE;
        }
        return report.verdict() == Verdict.UNDECIDABLE ? Status.UNDECIDABLE : Status.PARITY;
    }

    /** The verdict for somebody who sees such a report for the first time. */
    public String headline() {
        return switch (status()) {
            case PARITY -> listed(engines()) + (engines().size() == 1 ? " agrees" : " agree") + " with NumPy";
            case MISMATCH -> {
                Set<String> wrong = totals.failures().stream()
                        .filter(f -> f.verdict() == Verdict.MISMATCH)
                        .map(Totals.Failure::engine)
                        .collect(Collectors.toCollection(TreeSet::new));
                yield wrong.isEmpty()
                        ? "Not all computations agree with one another"
                        : listed(wrong) + (wrong.size() == 1 ? " does" : " do") + " not agree with NumPy";
            }
            case UNDECIDABLE -> soFar() + ", but not everything could be proven right";
            case INCOMPLETE -> soFar() + ", but something was not judged";
            case BAD_INPUT ->
                report.ledger().judged() == 0 ? "Nothing could be judged" : soFar() + ", but some input was refused";
        };
    }

    /** What the judgements come to if none is a mismatch. */
    private String soFar() {
        return report.verdict() == Verdict.PARITY
                ? "What was judged agrees with NumPy"
                : "Nothing is known to be wrong";
    }

    /** What stands behind the headline, in a few sentences. */
    public String lead() {
        List<String> sentences = new ArrayList<>();
        long cases =
                totals.failures().stream().map(Totals.Failure::id).distinct().count();
        if (cases > 0) {
            sentences.add(Numbers.count(cases) + " of "
                    + Numbers.counted(report.cases().size(), "case")
                    + (cases == 1 ? " does" : " do") + " not pass.");
            findings.stream().findFirst().ifPresent(f -> sentences.add(place(f)));
            Set<String> clean = new LinkedHashSet<>(engines());
            totals.failures().forEach(f -> clean.remove(f.engine()));
            if (!clean.isEmpty() && !report.cases().isEmpty()) {
                sentences.add(listed(clean) + (clean.size() == 1 ? " agrees" : " agree") + " in all of them.");
            }
        } else if (!report.cases().isEmpty()) {
            sentences.add("All " + Numbers.counted(report.ledger().comparisons(), "comparison") + " of "
                    + Numbers.counted(report.cases().size(), "case") + " hold, stage by stage and end to end.");
            double worst = totals.worstFraction();
            sentences.add(
                    worst == 0
                            ? "Every element has the same " + (signsOfZeroDiffer() ? "value." : "bits.")
                            : "The largest difference is " + Numbers.measure(worst) + " of what "
                                    + (totals.everyToleranceIsDerived()
                                            ? "rounding alone can explain."
                                            : "its policy allows."));
        }
        if (!report.selection().arrays().isEmpty() && !report.cases().isEmpty()) {
            sentences.add("Only " + listed(report.selection().arrays())
                    + (report.selection().arrays().size() == 1 ? " was" : " were") + " judged.");
        }
        PairsView compared = pairs();
        if (compared != null) {
            int pairs = compared.all().size();
            int apart = compared.apart().size();
            sentences.add(
                    apart == 0
                            ? (pairs == 1 ? "The pair" : "All " + Numbers.counted(pairs, "pair")) + " compared "
                                    + (pairs == 1 ? "agrees." : "agree.")
                            : Numbers.count(apart) + " of " + Numbers.counted(pairs, "pair") + " compared "
                                    + (apart == 1 ? "does" : "do") + " not agree.");
        }
        if (!report.ledger().refused().isEmpty()) {
            sentences.add(Numbers.counted(report.ledger().refused().size(), "input")
                    + (report.ledger().refused().size() == 1 ? " was" : " were") + " refused.");
        }
        if (!report.ledger().gaps().isEmpty()) {
            sentences.add(
                    "The ledger has " + Numbers.counted(report.ledger().gaps().size(), "gap") + ".");
        }
        return String.join(" ", sentences);
    }

    private boolean signsOfZeroDiffer() {
        return arrays.stream().anyMatch(a -> a.zeroSigns() > 0);
    }

    /** What {@code --arrays} left out, and what of that was there all the same; a sentence each. */
    public List<String> leftOut() {
        List<String> sentences = new ArrayList<>();
        Ledger ledger = report.ledger();
        if (!ledger.arraysLeft().isEmpty()) {
            sentences.add("left out by --arrays: " + String.join(", ", ledger.arraysLeft()));
        }
        if (!ledger.arraysUnread().isEmpty()) {
            sentences.add("there but not opened: " + String.join(", ", ledger.arraysUnread()));
        }
        return sentences;
    }

    /** Where the bug of a finding is, as far as what was judged tells. */
    public String whereabouts(Finding f) {
        boolean everyStage = f.example().run().judgements().stream()
                .anyMatch(j -> j.scope() == Scope.LOCAL && j.array().equals(f.array()));
        boolean all = report.ledger().arraysLeft().isEmpty();
        if (f.isUndecidable()) {
            return "No element is known to be wrong, but of some the bound proves nothing.";
        }
        if (f.local()) {
            return "Given correct inputs, this stage by itself computes something else: the bug is here"
                    + (all ? "." : ", or where an array is made that was left out.");
        }
        return everyStage
                ? "Each stage holds by itself, but the whole does not."
                : "What this array is made from is not at hand: the bug is in its stage or before it.";
    }

    private String place(Finding f) {
        String where = f.isUndecidable()
                ? "Of " + f.array() + " of " + f.engine() + " the bound proves nothing"
                : f.local()
                        ? "Stage " + f.stage() + " of " + f.engine() + " is where it "
                                + (f.others().isEmpty() ? "goes wrong" : "first goes wrong")
                        : f.array() + " of " + f.engine() + " is wrong end to end, and no stage by itself";
        return where
                + (f.outcomes().size() == failing.size()
                        ? ""
                        : " in " + Numbers.counted(f.outcomes().size(), "case"))
                + (f.mistake().isEmpty()
                        ? "."
                        : ": the result matches the mistake “" + f.mistake() + "”" + alike(f) + ".");
    }

    /** Says {@link Finding#alike}. */
    public String alike(Finding f) {
        List<String> others = f.alike();
        return switch (others.size()) {
            case 0 -> "";
            case 1 -> ", and “" + others.get(0) + "” as well";
            default -> ", and " + others.size() + " others as well";
        };
    }

    /** Cases, arrays, elements, seconds. */
    public String ledgerLine() {
        return Numbers.counted(report.ledger().judged(), "case") + ", "
                + Numbers.counted(report.ledger().arraysJudged(), "array") + ", "
                + Numbers.counted(report.ledger().elements(), "element") + " compared in "
                + seconds() + " s";
    }

    /** The time that it took. */
    public String seconds() {
        return String.format(Locale.ROOT, report.seconds() < 10 ? "%.2f" : "%,.0f", report.seconds());
    }

    /** {@code a, b and c}. */
    public static String listed(java.util.Collection<String> names) {
        List<String> all = List.copyOf(names);
        return all.size() < 2
                ? String.join("", all)
                : String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.get(all.size() - 1);
    }

    /** The engines' names. */
    public List<String> engines() {
        return report.engines().stream().map(Report.Engine::name).toList();
    }

    /** Those that do not pass, the worst first; each is read when it is asked for. */
    public List<Outcome> failing() {
        return failing;
    }

    /** Failures by kind, the most common first. */
    public List<Finding> findings() {
        return findings;
    }

    /** Every array by every engine, in the order of computation. */
    public List<ArrayRow> arrays() {
        return arrays;
    }

    /** The arrays, in the order of computation. */
    public List<String> arrayNames() {
        return arrays.stream().map(ArrayRow::array).distinct().toList();
    }

    /** For each engine how close that array comes to its bound where it passes, and how often it fails. */
    public List<String> margins(String array) {
        return engines().stream()
                .map(engine -> arrays.stream()
                        .filter(a -> a.array().equals(array) && a.engine().equals(engine))
                        .map(ReportView::margin)
                        .findFirst()
                        .orElse(""))
                .toList();
    }

    /** For each engine the share of its elements that have NumPy's bits, see {@link Equality}; a dash if there is none. */
    public List<String> equalBits() {
        return shares(Equality::equalBits);
    }

    /** The same of values, where that is more: so there are zeros of the other sign. Empty if it is nowhere. */
    public List<String> equalValues() {
        List<String> values = shares(Equality::equalValues);
        return values.equals(equalBits()) ? List.of() : values;
    }

    private List<String> shares(ToLongFunction<Equality> part) {
        return report.engines().stream()
                .map(Report.Engine::equality)
                .map(e -> e == null ? Numbers.share(0, 0) : Numbers.share(part.applyAsLong(e), e.elements()))
                .toList();
    }

    private static String margin(ArrayRow row) {
        String passing = row.failed() == row.judged()
                ? "–"
                : row.closest() == null ? row.same() : Numbers.measure(row.fraction());
        return row.failed() == 0 ? passing : passing + "  " + Numbers.count(row.failed()) + " ✗";
    }

    /** How many engines computed that array. */
    public long engines(String array) {
        return arrays().stream().filter(a -> a.array().equals(array)).count();
    }

    /** Which pairs agree; null if none were compared. */
    public @Nullable PairsView pairs() {
        return report.matrix() == null ? null : new PairsView(report.matrix());
    }

    /** Which combinations were judged. */
    public CoverageView coverage() {
        return new CoverageView(report.coverage());
    }

    /** The stages that were judged, in the order of computation. */
    public List<String> stages() {
        return totals.stages();
    }

    /** How many judgements there are of an engine. */
    public long tests(String engine) {
        return totals.tally(engine).judged();
    }

    /** How many of them fail. */
    public long failures(String engine) {
        return totals.tally(engine).failed();
    }

    /** Writes the tests of an engine. */
    public TemplateDirectiveModel cases(String engine) {
        return (environment, parameters, variables, body) -> {
            for (String tests : report.cases().tests(engine)) {
                environment.getOut().write(tests);
            }
        };
    }

    /** See {@link Report#repeat}. */
    public String repeat(Outcome outcome) {
        return report.repeat(outcome.subject(), outcome.run().engine());
    }

    /** Where the picture of a finding is in {@link #data}; empty if it has none. */
    public String pictureKey(Finding finding) {
        Outcome example = finding.example();
        String key = new Totals.Place(
                        totals.ids().indexOf(example.subject().id()),
                        example.subject().runs().indexOf(example.run()),
                        example.run().judgements().indexOf(finding.judged()))
                .key();
        return pictures.containsKey(key) ? key : "";
    }

    /** The pictures of {@link #arrays}, by their places. */
    public List<String> margins() {
        return arrays().stream()
                .filter(a -> a.closest() != null)
                .map(a -> a.place().key())
                .filter(pictures::containsKey)
                .toList();
    }

    /** The pictures, by the places of their judgements. */
    Map<String, Picture> pictures() {
        return pictures;
    }

    /** Writes what the page's script draws from, as JSON without any {@code <}. */
    public TemplateDirectiveModel data() {
        return (environment, parameters, variables, body) ->
                report.cases().data().write(this, environment.getOut());
    }

    /** The judgement that says most of an outcome. */
    public static @Nullable Judged worst(Outcome outcome) {
        return outcome.run().worst().orElse(null);
    }

    /** The largest error as a fraction of its tolerance. */
    public static String fraction(Judged judged) {
        boolean nonfinite = judged.failing() > 0 && judged.worstFraction() <= 1;
        return judged.incomparable() != null || judged.elements() == 0 || nonfinite
                ? "–"
                : Numbers.measure(judged.worstFraction());
    }

    /** The largest distance, or a dash. */
    public static String ulp(Judged judged) {
        return judged.byUlp().map(p -> Numbers.distance(p.ulp())).orElse("–");
    }
}
