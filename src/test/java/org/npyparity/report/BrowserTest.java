package org.npyparity.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.npyparity.audit.Shard;

/**
 * index.html in a real browser. Screenshots go to target/report-screenshots. Needs Chromium: without one it is skipped,
 * or fails if the environment has NPYPARITY_REQUIRE_CHROMIUM=1.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserTest {
    private static final Path SHOTS = Path.of("target/report-screenshots");
    private static final int PHONE = 360;
    private static final int TABLET = 800;
    private static final int DESK = 1200;

    @TempDir
    static Path directory;

    private Chromium chromium;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        Optional<Path> binary = Chromium.binary();
        if (binary.isEmpty() && "1".equals(System.getenv("NPYPARITY_REQUIRE_CHROMIUM"))) {
            throw new AssertionError("NPYPARITY_REQUIRE_CHROMIUM is 1, but no Chromium is installed");
        }
        assumeTrue(binary.isPresent(), "no Chromium is installed");
        Files.createDirectories(SHOTS);
        chromium = Chromium.start(binary.orElseThrow(), Files.createTempDirectory(Path.of("target"), "chromium"));
    }

    @AfterAll
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private Path page(String name, Report report) throws IOException {
        Path to = directory.resolve(name);
        Reports.write(report, to);
        return to.resolve(Reports.HTML);
    }

    private void noComplaints() {
        assertEquals(List.of(), chromium.complaints());
        chromium.requests().forEach(r -> assertTrue(r.startsWith("file:") || r.equals("data:,"), r));
    }

    private void show(String section) {
        chromium.evaluate("document.getElementById('" + section + "').scrollIntoView({behavior: 'instant'})");
        chromium.settle();
    }

    @Test
    void reportsFitAPhoneAndADeskInLightAndDark() throws IOException {
        for (Report report : List.of(Audits.passing(), Audits.failing(Shard.WHOLE))) {
            String name = report.verdict().name().toLowerCase(java.util.Locale.ROOT);
            Path page = page(name, report);
            for (boolean dark : new boolean[] {false, true}) {
                for (int width : new int[] {PHONE, TABLET, DESK}) {
                    chromium.open(page, width, 900, dark);
                    for (String section : new String[] {"margins", "coverage", "cases"}) {
                        show(section);
                    }
                    chromium.evaluate("document.querySelector('#rows button').click()");
                    chromium.settle();
                    assertEquals(
                            width,
                            chromium.evaluate("document.documentElement.scrollWidth")
                                    .asInt(),
                            name + " at " + width);
                    assertEquals("[]", chromium.evaluate(SPILLED).toString(), name + " at " + width);
                    chromium.evaluate("scrollTo(0, 0)");
                    chromium.settle();
                    chromium.screenshot(SHOTS.resolve(name + "-" + width + (dark ? "-dark" : "-light") + ".png"));
                }
            }
        }
        noComplaints();
    }

    /**
     * Texts of a row that lie over one another, ids cut to crumbs, what sorts and is not seen, and what is wider than the
     * page: a list of cases, by its open details too, or a table whose rows are cards on a narrow screen.
     */
    private static final String SPILLED = """
            (() => {
              const faults = [];
              const box = (e) => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect(); };
              document.querySelectorAll('#rows > tr:not(.open)').forEach((row) => {
                const cells = [...row.cells].map((c) => [c.textContent, box(c)]);
                cells.forEach(([text, a], i) => cells.slice(i + 1).forEach(([other, b]) => {
                  if (a.right > b.left + 1 && b.right > a.left + 1 && a.bottom > b.top + 1 && b.bottom > a.top + 1) faults.push(text + ' over ' + other);
                }));
              });
              document.querySelectorAll('.sort').forEach((b) => { if (b.closest('th').clientWidth + 1 < box(b).width) faults.push('unseen ' + b.textContent); });
              document.querySelectorAll('#rows .id').forEach((id) => { if (box(id).height > 80) faults.push('id ' + box(id).height + ' high'); });
              document.querySelectorAll('.scroll:has(> .cards)').forEach((e) => { if (e.scrollWidth > e.clientWidth) faults.push(e.textContent.trim().slice(0, 40) + ' of ' + e.scrollWidth + ' in ' + e.clientWidth); });
              return faults.slice(0, 5);
            })()""";

    @Test
    void aFailureShowsItsHeatMapAndHistogramWithTextForThoseWhoCannotSeeThem() throws IOException {
        chromium.open(page("fails", Audits.failing(Shard.WHOLE)), DESK, 900, false);
        show("findings");
        String label = chromium.evaluate("document.querySelector('#findings .heat svg').getAttribute('aria-label')")
                .asText();
        assertTrue(label.contains("cells are outside"), label);
        assertEquals(
                "true",
                chromium.evaluate(
                                "[...document.querySelectorAll('#findings .histogram')].every(h => h.querySelector('table'))")
                        .asText());
        chromium.evaluate("const c = document.querySelector('#findings .heat svg'); c.focus();"
                + " c.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}))");
        String readout = chromium.evaluate("document.querySelector('#findings .readout').textContent")
                .asText();
        assertTrue(readout.startsWith("padded_height 0, padded_width 1: "), readout);
        noComplaints();
    }

    @Test
    void casesAreFoundSortedAndOpened() throws IOException {
        chromium.open(page("find", Audits.failing(Shard.WHOLE)), DESK, 900, false);
        assertEquals(
                50,
                chromium.evaluate("document.querySelectorAll('#rows tr').length")
                        .asInt());
        chromium.evaluate("const s = document.getElementById('search'); s.value = 'chained float64 ejml';"
                + " s.dispatchEvent(new Event('input'))");
        assertEquals(
                1,
                chromium.evaluate("document.querySelectorAll('#rows tr').length")
                        .asInt());
        chromium.evaluate("document.querySelector('#rows button').click()");
        assertEquals(
                18,
                chromium.evaluate("document.querySelectorAll('.detail .judgements tbody tr').length")
                        .asInt());
        chromium.evaluate("document.querySelector('[data-sort=id]').click()");
        assertEquals(
                "true",
                chromium.evaluate("document.querySelector('#rows .open').previousElementSibling"
                                + ".querySelector('button').ariaExpanded")
                        .asText(),
                "what was opened stays so where it goes");
        chromium.evaluate("document.querySelector('#rows button').click()");
        assertEquals(
                1,
                chromium.evaluate("document.querySelectorAll('#rows tr').length")
                        .asInt());
        noComplaints();
    }

    /** On paper nothing can be scrolled, clicked or told apart by a dark ground. */
    @Test
    void nothingIsCutOffOnPaperAndIdsThatAreButtonsOnTheScreenAreThere() throws IOException {
        chromium.open(page("paper", Audits.failing(Shard.WHOLE)), 718, 1000, true);
        chromium.evaluate("document.getElementById('theme').click()");
        chromium.evaluate("document.querySelector('#rows button').click()");
        chromium.print();
        chromium.settle();
        assertEquals("[]", chromium.evaluate(CUT_OFF).toString());
        noComplaints();
    }

    private static final String CUT_OFF = """
            (() => {
              const faults = [];
              const wide = document.documentElement.scrollWidth;
              if (wide > innerWidth) faults.push('page of ' + wide + ' in ' + innerWidth);
              document.querySelectorAll('.scroll').forEach((e) => { if (e.scrollWidth > e.clientWidth && e.checkVisibility()) faults.push('table of ' + e.scrollWidth + ' in ' + e.clientWidth + ': ' + e.textContent.trim().slice(0, 40)); });
              document.querySelectorAll('#rows .id button, .where button, .card-head button').forEach((e) => { if (!e.checkVisibility()) faults.push('no ' + e.textContent); });
              document.querySelectorAll('nav, .controls, [data-copy]').forEach((e) => { if (e.checkVisibility()) faults.push('useless ' + e.textContent.slice(0, 40)); });
              document.querySelectorAll('thead button').forEach((e) => { if (getComputedStyle(e).display !== 'contents') faults.push('on the first sheet only: ' + e.textContent); });
              if (!getComputedStyle(document.querySelector('header')).backgroundColor.startsWith('rgb(255')) faults.push('dark paper');
              return faults.slice(0, 10);
            })()""";

    /** Paper has no pages to turn. The page's own listener for the event has been called before this test's. */
    @Test
    void allCasesThatDoNotPassArePrintedWithThePageThatIsShownAndThePageSaysSo() throws IOException {
        Report many = Audits.enlarged(Audits.failing(Shard.WHOLE), 120);
        long failing = many.runs().filter(o -> !o.run().passes()).count();
        chromium.open(page("print", many), DESK, 200, false);
        chromium.evaluate("document.querySelector('[data-sort=id]').click(); document.querySelector('#next').click();"
                + " document.querySelectorAll('#rows button')[3].click();"
                + " window.addEventListener('beforeprint', () => { window.printed = " + LISTED + "; window.blank = "
                + BLANK + "; })");
        JsonNode screen = chromium.evaluate(LISTED);
        assertTrue(failing > 50 + screen.path("failing").asInt(), () -> failing + " fit two pages");

        chromium.pdf(SHOTS.resolve("print.pdf"));

        JsonNode printed = chromium.evaluate("window.printed");
        assertEquals(failing, printed.path("failing").asInt());
        assertEquals(
                50 + failing - screen.path("failing").asInt(),
                printed.path("cases").asInt());
        assertEquals(1, printed.path("open").asInt(), "what was opened");
        assertEquals(
                "51–100 of " + many.runs().count() + "; of those that do not pass, all " + failing,
                printed.path("count").asText());
        assertEquals(0, chromium.evaluate("window.blank").asInt(), "pictures not drawn");
        assertEquals(screen, chromium.evaluate(LISTED), "the screen is as it was");
        noComplaints();
    }

    private static final String LISTED = """
            ({
              cases: document.querySelectorAll('#rows > tr:not(.open)').length,
              failing: new Set([...document.querySelectorAll('#rows > tr:not(.open):has(.mismatch)')].map((r) => r.cells[1].textContent + r.cells[2].textContent)).size,
              open: document.querySelectorAll('#rows > tr.open').length,
              count: document.querySelector('#count').textContent,
            })""";

    private static final String BLANK =
            "[...document.querySelectorAll('[data-picture]')].filter((e) => e.checkVisibility()).length";

    /** Tab goes down the page, stops only where there is something to do, and where it is can be seen. */
    @Test
    void theKeyboardGoesThroughThePageInItsOrderAndShowsWhereItIs() throws IOException {
        chromium.open(page("keys", Audits.failing(Shard.WHOLE)), DESK, 900, false);
        chromium.evaluate("document.documentElement.style.scrollBehavior = 'auto'");
        chromium.press("Tab", 9);
        assertEquals(
                "Skip to the cases",
                chromium.evaluate("document.activeElement.textContent").asText());
        chromium.evaluate("window.before = document.activeElement; window.faults = []");
        for (int i = 1; i < 60; i++) {
            chromium.press("Tab", 9);
            chromium.evaluate(FOCUSED);
        }
        assertEquals("[]", chromium.evaluate("window.faults.slice(0, 5)").toString());
        assertTrue(chromium.evaluate("document.activeElement.closest('#rows') !== null")
                .asBoolean());
        noComplaints();
    }

    private static final String FOCUSED = """
            (() => {
              const e = document.activeElement;
              const text = e.tagName + ' ' + e.textContent.trim().slice(0, 40);
              const style = getComputedStyle(e);
              const r = e.getBoundingClientRect();
              if (!(window.before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING)) window.faults.push('back to ' + text);
              if (style.outlineStyle !== 'solid' || parseFloat(style.outlineWidth) < 2) window.faults.push('unseen ' + text);
              if (r.bottom <= 0 || r.top >= innerHeight || r.width === 0) window.faults.push('out of sight ' + text);
              if (e.tagName === 'PRE' && e.scrollWidth <= e.clientWidth && getComputedStyle(e).whiteSpace === 'pre-wrap') window.faults.push('useless ' + text);
              window.before = e;
            })()""";

    @Test
    void everyControlHasANameEveryTableHeadersAndTextEnoughContrast() throws IOException {
        Path page = page("accessible", Audits.failing(Shard.WHOLE));
        for (boolean dark : new boolean[] {false, true}) {
            chromium.open(page, DESK, 900, dark);
            show("findings");
            chromium.evaluate("document.querySelector('#rows button').click()");
            assertEquals("[]", chromium.evaluate(FAULTS).toString());
        }
        noComplaints();
    }

    /**
     * Nameless controls, headerless tables, skipped heading levels, choices without effect, and text under the contrast of
     * WCAG AA.
     */
    private static final String FAULTS = """
            (() => {
              const faults = [];
              const name = (e) => e.textContent.trim() || e.ariaLabel || (e.labels && e.labels.length ? e.labels[0].textContent : '');
              document.querySelectorAll('button, select, input, a, svg[tabindex]').forEach((e) => { if (!name(e)) faults.push('nameless ' + e.outerHTML.slice(0, 80)); });
              document.querySelectorAll('table').forEach((t) => { if (!t.querySelector('th')) faults.push('headerless table'); });
              document.querySelectorAll('.cards [data-label]').forEach((td) => {
                const head = td.closest('table').tHead.rows[0].cells[td.cellIndex].textContent;
                if (td.dataset.label !== head) faults.push(td.dataset.label + ' under ' + head);
              });
              document.querySelectorAll('.cards :is(thead, tbody, tr, th, td)').forEach((e) => { if (!e.closest('.cards').role || !e.role) faults.push('no role: ' + e.outerHTML.slice(0, 80)); });
              let level = 0;
              document.querySelectorAll('h1, h2, h3, h4').forEach((h) => { const l = Number(h.tagName[1]); if (l > level + 1) faults.push('skips to ' + h.textContent); level = l; });
              // Firefox would keep what was chosen over a reload, but not what it did to the page.
              document.querySelectorAll('select').forEach((e) => { if (e.autocomplete !== 'off') faults.push('kept on reload: ' + e.id); });
              ['header', 'main', 'nav', 'footer'].forEach((tag) => { if (document.querySelectorAll(tag).length !== 1) faults.push('landmark ' + tag); });
              const channel = (v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
              const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
              const rgb = (c) => c.match(/[0-9.]+/g).map(Number);
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const e = walker.currentNode.parentElement;
                if (!walker.currentNode.textContent.trim() || !e.checkVisibility() || e.closest('.none, :disabled, script, .skip, option, svg')) continue;
                let b = e, ground = [0, 0, 0, 0];
                while (b && (ground.length > 3 && ground[3] === 0)) { ground = rgb(getComputedStyle(b).backgroundColor); b = b.parentElement; }
                const [x, y] = [luminance(rgb(getComputedStyle(e).color)), luminance(ground)].sort((p, q) => q - p);
                if ((x + 0.05) / (y + 0.05) < 4.5) faults.push(((x + 0.05) / (y + 0.05)).toFixed(2) + ' ' + e.outerHTML.slice(0, 80));
              }
              return [...new Set(faults)].slice(0, 10);
            })()""";

    /** How long a page takes to open is measured by `make bench-report`; this is what keeps it short. */
    @Test
    void whatAPageDrawsAtFirstDoesNotGrowWithTheNumberOfCasesAndAJudgementIsAFewBytes() throws IOException {
        Report few = Audits.enlarged(Audits.failing(Shard.WHOLE), 200);
        Report many = Audits.enlarged(few, 2000);
        Path pageOfFew = page("few", few);
        Path pageOfMany = page("many", many);

        assertEquals(nodes(pageOfFew), nodes(pageOfMany));
        assertEquals(
                50,
                chromium.evaluate("document.querySelectorAll('#rows tr').length")
                        .asInt());
        long bytes = Files.size(pageOfMany) - Files.size(pageOfFew);
        long judgements = judgements(many) - judgements(few);
        assertTrue(bytes < 64 * judgements, () -> bytes + " bytes for " + judgements + " judgements");
        noComplaints();
    }

    private static long judgements(Report report) {
        return report.runs().mapToLong(o -> o.run().judgements().size()).sum();
    }

    private int nodes(Path page) {
        chromium.open(page, DESK, 900, false);
        return chromium.evaluate("document.querySelectorAll('*').length").asInt();
    }

    @Test
    void hostileNamesStayText() throws IOException {
        String evil = "</script><script>document.title='1'</script><img src=x onerror=\"document.title='2'\">";
        chromium.open(page("hostile", Audits.hostile(Audits.failing(Shard.WHOLE), evil)), DESK, 900, false);
        show("findings");
        chromium.evaluate("document.querySelectorAll('#rows button').forEach((b, i) => i < 3 && b.click())");
        chromium.settle();
        assertEquals(
                0, chromium.evaluate("document.querySelectorAll('img').length").asInt());
        String title = chromium.evaluate("document.title").asText();
        assertTrue(title.startsWith("Mismatch: "), title);
        noComplaints();
    }
}
