<#ftl output_format="Markdown">
<#assign report = view.report()>
<#assign ledger = report.ledger()>
<#assign rows = 10>
## <#if report.passes()>✅<#elseif view.status().name() == "MISMATCH">❌<#else>⚠️</#if> ${view.headline()}

${view.lead()}

<#if view.failing()?size gt 0>
| case | engine | first wrong stage | worst / bound | ULP | elements outside | matches |
|---|---|---|--:|--:|--:|---|
<#list view.failing()[0..*rows] as o>
<#assign worst = view.worst(o)!>
| <code>${o.subject.id}</code> | ${o.run.engine} | <#if worst?has_content><code>${worst.step()}</code><#if worst.scope.name() != "LOCAL"> (end to end)</#if></#if> | <#if worst?has_content>${view.fraction(worst)}</#if> | <#if worst?has_content>${view.ulp(worst)}</#if> | <#if worst?has_content>${numbers.count(worst.failing)} of ${numbers.count(worst.elements)}</#if> | <#if worst?has_content><#list o.run.mistakes(worst) as w>${w.mistake}<#break></#list></#if> |
</#list>

<#if view.failing()?size gt rows>
${numbers.count(view.failing()?size - rows)} more stand in `index.html` and `report.json`.

</#if>
</#if>
<#list ledger.refused()[0..*rows] as refused>
- refused: ${refused}
</#list>
<#list ledger.gaps()[0..*rows] as gap>
- gap: ${gap}
</#list>
<#list view.leftOut() as sentence>
- ${sentence}
</#list>
<#if ledger.refused()?size gt rows || ledger.gaps()?size gt rows>
- more of them in `report.json`
</#if>

| worst / bound that passes<#list view.engines() as engine> | ${engine}</#list> |
|---<#list view.engines() as engine>|--:</#list>|
<#list view.arrayNames() as array>
| <code>${array}</code><#list view.margins(array) as margin> | ${margin}</#list> |
</#list>
| bits equal to NumPy's, where rounding is allowed<#list view.equalBits() as share> | ${share}</#list> |
<#list view.equalValues()>
| and but for the sign of zeros<#items as share> | ${share}</#items> |
</#list>

<#if view.pairs()??>
<#list view.pairs().parties() as party>
- **${view.pairs().letter(party?index)}** <code>${party.name()}</code><#if party.source()?has_content>: ${party.source()}</#if>
</#list>

| worst / bound of each pair, equal bits<#list view.pairs().parties()[1..] as party> | ${view.pairs().letter(party?counter)}</#list> |
|---<#list view.pairs().parties()[1..] as party>|--:</#list>|
<#list view.pairs().rows() as r>
| ${view.pairs().letter(r.party())}<#list r.cells() as p> | <#if p??>${view.pairs().distance(p)}, ${view.pairs().equalBits(p)}</#if></#list> |
</#list>

<#list view.pairs().apart() as p>
- ${view.pairs().named(p)}: ${view.pairs().apart(p)}
</#list>

</#if>
<#list view.findings()[0..*5] as f>
<details><summary>${f.engine}: ${f.judged.step()}<#if f.mistake?has_content>, matches “${f.mistake}”</#if> (${numbers.counted(f.outcomes?size, "case")})</summary>

<#outputformat "HTML"><pre>${facts.of(f.example, f.judged)}

${view.repeat(f.example)}</pre></#outputformat>

<#list f.others>
${f.further()?cap_first}<#items as place><code>${place}</code><#sep>, </#items>.

</#list>
</details>

</#list>
${view.ledgerLine()}, fixtures `${report.fixtures().sha256()[0..15]}`<#if report.selection().policy??>, policy `${report.selection().policy()}`</#if>.

<#outputformat "HTML"><details><summary>The line that repeats this audit</summary>

<pre>${report.command()}</pre>

</details></#outputformat>
