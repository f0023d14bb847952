package org.npyparity.operation.conv.mistakes;

import java.nio.file.Path;
import java.util.*;
import org.junit.jupiter.api.Test;
import org.npyparity.audit.*;
import org.npyparity.fixture.*;
import org.npyparity.operation.*;

class MutantTest {
    @Test
    void explore() {
        Map<String, List<String>> caught = new LinkedHashMap<>();
        Map<String, List<String>> alone = new LinkedHashMap<>();
        Map<String, Set<String>> ties = new LinkedHashMap<>();
        long start = System.nanoTime();
        for (Path p : FixtureDirectory.caseDirectories(Path.of("fixtures/golden"))) {
            Case c = CaseReader.read(p);
            CaseAuditor a = new CaseAuditor(c, Optional.empty());
            int n = 0;
            for (Mistake m : Operations.named(c.operation())
                    .orElseThrow()
                    .problem(c.parameters(), c.family(), c.dtype())
                    .mistakes()) {
                CaseAudit audit = a.audit("mutant", m.stages());
                caught.computeIfAbsent(m.name(), k -> new ArrayList<>());
                alone.computeIfAbsent(m.name(), k -> new ArrayList<>());
                if (audit.verdict() == org.npyparity.compare.Verdict.MISMATCH) {
                    n++;
                    List<String> names = audit.diagnosis().what().stream()
                            .map(Diagnosis.Explanation::mistake)
                            .toList();
                    if (c.family().equals("exact")) caught.get(m.name()).add(c.id());
                    if (!names.contains(m.name()))
                        System.out.println(
                                "NOT NAMED " + m.name() + " in " + c.id() + ": " + names + " place " + audit.place());
                    if (names.equals(List.of(m.name())) && c.family().equals("exact"))
                        alone.get(m.name()).add(c.id());
                    else if (c.family().equals("exact")) {
                        Set<String> s = new TreeSet<>(names);
                        s.remove(m.name());
                        ties.merge(m.name(), s, (x, y) -> {
                            Set<String> z = new TreeSet<>(x);
                            z.retainAll(y);
                            return z;
                        });
                    }
                    if (c.id().contains("e38b74b1"))
                        audit.diagnosis()
                                .what()
                                .forEach(w -> System.out.println(
                                        "   " + m.name() + " => " + w.mistake() + " | " + w.evidence()));
                }
            }
            System.out.println(n + " mistakes caught by " + c.id());
        }
        System.out.println((System.nanoTime() - start) / 1e9 + " s");
        caught.forEach((k, v) -> System.out.println("CAUGHT " + v.size() + " alone "
                + alone.get(k).size() + " " + k + (alone.get(k).isEmpty() ? " TIES " + ties.get(k) : "")));
    }
}
