(() => {
  'use strict';
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const VERDICTS = ['parity', 'undecidable', 'mismatch'];
  const SCOPES = ['local', 'end to end'];
  const PAGE = 50;

  // Elements; text is always text, and what is missing or false is left out.
  function make(namespace, tag, attributes, children) {
    const e = document.createElementNS('http://www.w3.org/' + namespace, tag);
    Object.entries(attributes).forEach(([k, v]) => v !== false && e.setAttribute(k, v));
    e.append(...children.filter((c) => (c ?? false) !== false));
    return e;
  }
  const svg = (tag, attributes, ...children) => make('2000/svg', tag, attributes, children);
  const el = (tag, attributes, ...children) => asTable(make('1999/xhtml', tag, attributes, children));
  // Whose rows are laid out as cards is no table for some screen readers, unless it says so.
  const ROLES = { TABLE: () => 'table', THEAD: () => 'rowgroup', TBODY: () => 'rowgroup', TR: () => 'row', TD: () => 'cell', TH: (e) => (e.scope === 'row' ? 'rowheader' : 'columnheader') };
  function asTable(e) {
    if (ROLES[e.tagName]) e.role = ROLES[e.tagName](e);
    return e;
  }
  document.querySelectorAll('.cards, .cards *').forEach(asTable);
  /** A table that scrolls where it is too wide. The first cell of a row is its header. */
  function table(name, kind, heads, rows, isNumber) {
    const cell = (tag, i, attributes, content) => el(tag, { class: isNumber(i) && 'num', ...attributes }, content);
    return el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': name }, el('table', { class: kind },
      el('thead', {}, el('tr', {}, ...heads.map((h, i) => cell('th', i, { scope: 'col' }, h)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((c, i) => (i === 0 ? cell('th', i, { scope: 'row' }, c) : cell('td', i, { 'data-label': heads[i] }, c))))))));
  }
  const failed = (text, fails) => (fails ? el('span', { class: 'fail' }, text) : text);

  // Numbers, as the other reports write them: 1.57e-06.
  const count = new Intl.NumberFormat('en').format;
  const padded = (text) => text.replace(/e([+-])(\d)$/, 'e$10$2');
  const measure = (v) => (v === Infinity ? 'inf' : v === 0 ? '0' : padded(v >= 0.001 && v < 1e5 ? v.toPrecision(3) : v.toExponential(2)));
  const distance = (n) => (n < 1e7 ? count(n) : measure(n));

  /** A judgement by name. What is missing at the end of its numbers is 0. */
  const judgement = ([stage, array, scope, verdict, elements, differing = 0, failing = 0, fraction = 0, ulp = 0, relative = 0, power = 0]) => (
    { stage: data.stages[stage], array: data.arrays[array], scope: SCOPES[scope], verdict: VERDICTS[verdict], elements, differing, failing, fraction, ulp, relative, power });
  const named = (j) => j.array + ' by ' + j.stage + ', ' + j.scope;
  // What fails and is not beyond its bound is a NaN or an infinity, which is no number of bounds away.
  const fraction = (j) => (j.failing && j.fraction <= 1 ? '–' : measure(j.fraction));

  // One row for each case and engine.
  const rows = data.cases.flatMap((c, ci) => c.runs.map((r, ri) => {
    const j = r.worst < 0 ? null : judgement(r.judgements[r.worst]);
    const engine = data.engines[r.engine];
    return {
      c, r, j, key: ci + '.' + ri, id: c.id, engine, verdict: r.verdict, fraction: j ? j.fraction : 0, ulp: j ? j.ulp : 0, outside: j ? j.failing : 0,
      text: [c.id, c.why, c.kind, c.dtype, c.parameters, engine, j && j.stage + ' ' + j.array, ...(r.what || []).map((w) => w[0])].join(' ').toLowerCase(),
    };
  }));

  // Pictures. Of the letters of their cells each is worse than those before it.
  const LETTERS = '.ABCDEFGHIJKLMNOPQRSTUVWXYZ?abcdefghijklmnopqrstuvwxyz!';
  const code = (cell) => cell.charCodeAt(0);
  const isInside = (cell) => cell >= 'A' && cell <= 'Z';
  const isBeyond = (cell) => cell >= 'a' && cell <= 'z';
  function meaning(p, cell) {
    if (cell === '.') return 'no difference';
    if (cell === '?') return 'undecidable';
    if (cell === '!') return 'NaN or infinity on one side only';
    if (p.measure === 'scale') return 'differs by ' + (cell === 'a' ? 'less than 4^-24' : 'about 4^-' + (122 - code(cell))) + ' of the largest expected value';
    if (isInside(cell)) return 'inside: at most ' + measure(2 ** (code(cell) - 90)) + ' of the tolerance';
    return 'outside: at least ' + measure(4 ** (code(cell) - 97)) + ' times the tolerance' + (cell === 'z' ? ', or none is allowed' : '');
  }
  /** The least and the worst code beyond the tolerance. */
  function span(cells) {
    const codes = [...new Set(cells.join(''))].filter(isBeyond).map(code);
    return { from: Math.min(...codes), to: Math.max(...codes) };
  }
  /** The colour of a cell. */
  function shade(cell, { from, to }) {
    // Inside, only the last dozen powers of two are told apart.
    if (isInside(cell)) return { class: 'inside', style: '--strength: ' + Math.max(0, (code(cell) - 78) / 0.12) + '%' };
    // Beyond, what is there spans the colours, the worst the strongest, but a step is never more than a sixth of them.
    if (isBeyond(cell)) return { class: 'beyond', style: '--strength: ' + (100 - 100 * (to - code(cell)) / Math.max(6, to - from)) + '%' };
    return { class: { '.': 'equal', '?': 'doubt', '!': 'nonfinite' }[cell] };
  }
  /** Cells of that many pixels: a path for each letter. */
  function mosaic(cells, wide, high, gap, beyond, attributes) {
    const paths = {};
    cells.forEach((row, y) => [...row].forEach((cell, x) => {
      paths[cell] = (paths[cell] || '') + `M${x * wide} ${y * high}h${wide - gap}v${high - gap}h${gap - wide}z`;
    }));
    const width = cells[0].length * wide;
    const height = cells.length * high;
    return svg('svg', { viewBox: `0 0 ${width} ${height}`, width, ...attributes },
      ...Object.entries(paths).map(([cell, d]) => svg('path', { d, ...shade(cell, beyond) })));
  }
  function heatMap(p, title) {
    const size = [p.cells.length, p.cells[0].length];
    // Square where both sides are short; a long matrix gets cells up to four times as wide as high, or the reverse.
    const widest = Math.max(3, Math.floor(432 / size[1]));
    const high = Math.max(3, Math.min(22, Math.floor(300 / size[0]), 4 * widest));
    const wide = Math.min(22, widest, 4 * high);
    const gap = Math.min(wide, high) >= 9 ? 1 : 0;
    const all = [...p.cells.join('')];
    const worst = all.reduce((a, b) => (LETTERS.indexOf(b) > LETTERS.indexOf(a) ? b : a));
    const outside = count(all.filter((c) => c === '!' || isBeyond(c)).length) + ' of ' + count(all.length) + ' cells';
    const map = mosaic(p.cells, wide, high, gap, span(p.cells), { role: 'img', tabindex: '0', 'aria-label': `${title}. ${outside} are outside; the worst ${meaning(p, worst)}. Arrow keys read the cells.` });
    const mark = svg('rect', { class: 'mark', width: wide - gap, height: high - gap });
    map.append(mark);
    const readout = el('p', { class: 'readout', 'aria-live': 'polite' }, outside + ' outside');
    const shown = [0, 1].filter((i) => p.axes[i] >= 0);
    const name = (i) => p.names[i] || 'axis ' + p.axes[i];
    const range = (i, at) => {
      const [from, next] = [at, at + 1].map((n) => Math.ceil(n * p.extents[i] / size[i]));
      return next > from + 1 ? from + '–' + (next - 1) : from;
    };
    let at = [0, 0];
    const read = (...to) => {
      at = to.map((n, i) => Math.max(0, Math.min(size[i] - 1, n)));
      mark.setAttribute('y', at[0] * high);
      mark.setAttribute('x', at[1] * wide);
      readout.textContent = shown.map((i) => name(i) + ' ' + range(i, at[i])).join(', ') + ': ' + meaning(p, p.cells[at[0]][at[1]]);
    };
    map.addEventListener('pointermove', (e) => {
      const box = map.getBoundingClientRect();
      read(Math.floor((e.clientY - box.top) / box.height * size[0]), Math.floor((e.clientX - box.left) / box.width * size[1]));
    });
    map.addEventListener('focus', () => read(...at));
    map.addEventListener('keydown', (e) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key];
      if (!step) return;
      e.preventDefault();
      read(at[0] + step[0], at[1] + step[1]);
    });
    const axis = (i, of) => el('span', { class: of }, ...(shown.includes(i) ? [el('i', {}, '0'), el('b', {}, name(i)), p.extents[i] > 1 && el('i', {}, count(p.extents[i] - 1))] : []));
    return el('figure', {},
      el('figcaption', {}, el('b', {}, title), p.measure === 'scale'
        ? 'Largest |actual − expected| in each cell, against the largest expected value: no difference is allowed.'
        : 'Largest |actual − expected| in each cell, as a fraction of the tolerance.'),
      el('div', { class: 'heat' }, axis(0, 'rows'), map, axis(1, 'columns')),
      readout, legend(p, new Set(all)),
      el('details', {}, el('summary', {}, 'The cells as text'), el('p', { class: 'small muted' }, 'A dot: no difference. A–Z: inside the tolerance, each letter a factor of two, Z closest to it. a–z: outside, each letter a factor of four, a closest to it. ?: undecidable. !: NaN or infinity on one side only.'), el('pre', { tabindex: '0' }, p.cells.join('\n'))));
  }
  function legend(p, present) {
    const beyond = span(p.cells);
    const { from, to } = beyond;
    const entry = (letters, text) => el('li', {}, mosaic([letters], letters.length > 1 ? 6 : 11, 11, 0, beyond, { 'aria-hidden': 'true' }), text);
    // Every other letter of what is there, the worst among them.
    const ramp = [...LETTERS].filter((c) => isBeyond(c) && code(c) >= from && code(c) <= to && (to - code(c)) % 2 === 0).join('');
    const ends = p.measure === 'scale'
      ? 'different, by ' + [...new Set([from, to].map((c) => measure(4 ** (c - 122))))].join(' to ') + ' of the largest value'
      : 'outside, ' + (to === 122 ? 'beyond all measure' : 'up to ' + measure(4 ** (to - 96)) + ' tolerances');
    return el('ul', { class: 'legend' },
      entry('.', 'equal'),
      [...present].some(isInside) && entry('NPRTVXZ', 'inside, up to the tolerance'),
      ramp !== '' && entry(ramp, ends),
      present.has('?') && entry('?', 'undecidable'),
      present.has('!') && entry('!', 'NaN or infinity on one side'));
  }
  const bucket = (i) => (i < 2 ? String(i) : i < 11 ? count(2 ** (i - 1)) + '–' + count(2 ** i - 1) : '2^' + (i - 1) + ' to 2^' + i);
  function histogram({ counts, failing, nonfinite }) {
    const W = 340, H = 150, base = H - 22, top = 16;
    const n = Math.max(8, counts.length);
    const step = Math.min(34, (W - 10) / n);
    const x = (i) => 5 + i * step;
    const most = Math.log1p(Math.max(1, ...counts));
    const height = (v) => (v ? Math.max(2, Math.log1p(v) / most * (base - top)) : 0);
    const bar = (kind, i, v) => svg('rect', { class: kind, x: x(i), y: base - height(v), width: step - 1.5, height: height(v) });
    const tallest = Math.max(...counts.slice(0, 4).map(height)); // as far as the first one's number reaches
    const every = Math.ceil(n / 9);
    const labels = Array.from({ length: n }, (_, i) => i).filter((i) => i % every === 0 && i * step < W - 36);
    return el('figure', { class: 'histogram' },
      el('figcaption', {}, el('b', {}, 'Distance in ULP'), 'Elements by the number of representable values between actual and expected; heights are logarithmic, red is outside.' + (nonfinite ? ' NaN or infinity on one side only: ' + count(nonfinite) + '.' : '')),
      svg('svg', { viewBox: `0 0 ${W} ${H}`, width: W, role: 'img', 'aria-label': 'Histogram of the ULP distance; the same numbers stand in the table below.' },
        svg('line', { class: 'base', x1: 0, x2: W, y1: base + 0.5, y2: base + 0.5 }),
        ...counts.map((v, i) => svg('g', {}, svg('title', {}, `${bucket(i)} ULP: ${count(v)} elements, ${count(failing[i])} outside`), bar('in', i, v), bar('out', i, failing[i]))),
        counts[0] > 0 && svg('text', { x: x(0), y: base - tallest - 4 }, count(counts[0])),
        ...labels.map((i) => svg('text', { x: x(i), y: H - 6 }, i === 0 ? '0' : i < 8 ? 2 ** (i - 1) : '2^' + (i - 1)))),
      el('details', {}, el('summary', {}, 'The numbers'), table('Distance in ULP', '', ['ULP', 'elements', 'outside'],
        counts.map((v, i) => [bucket(i), count(v), failed(count(failing[i]), failing[i])]).filter((_, i) => counts[i]), (i) => i > 0)));
  }
  function pictures(key) {
    const p = data.pictures[key];
    const [ci, ri, ji] = key.split('.');
    const run = data.cases[ci].runs[ri];
    return el('div', { class: 'pictures' }, heatMap(p, named(judgement(run.judgements[ji])) + ', ' + data.engines[run.engine]), histogram(p.ulps));
  }
  document.querySelectorAll('[data-picture]').forEach((e) => {
    const draw = () => e.replaceWith(pictures(e.dataset.picture));
    const closed = e.closest('details');
    if (closed) closed.addEventListener('toggle', draw, { once: true });
    else draw();
  });

  // Lines that repeat. Each word is whole on its line.
  const repeatLine = (text) => el('div', { class: 'repeat' },
    el('pre', {}, ...text.split(' ').flatMap((word, i) => [i > 0 && ' ', el('span', {}, word)])),
    el('button', { type: 'button', 'data-copy': '' }, 'Copy'));
  document.addEventListener('click', (e) => {
    const button = e.target.closest('[data-copy]');
    if (!button) return;
    navigator.clipboard?.writeText(button.previousElementSibling.textContent).then(() => {
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    }, () => {});
  });

  // The cases.
  const quote = (w) => (/^[A-Za-z0-9_.\/:=,+@%-]+$/.test(w) ? w : "'" + w.replaceAll("'", "'\\''") + "'");
  const chip = (verdict) => el('span', { class: 'chip ' + verdict }, verdict);
  function detail({ c, r, key, id, engine }) {
    const judged = r.judgements.map(judgement);
    const keys = judged.map((_, i) => key + '.' + i);
    const withError = (side) => side + '\n(error / bound, ULP)';
    return el('div', {},
      el('p', {}, c.why),
      el('dl', { class: 'kv' }, ...[['operation', c.operation], ['family', c.kind], ['dtype', c.dtype], ['parameters', c.parameters], ['policy', c.policy], ['seed', c.seed], ['case.json', c.sha256]]
        .flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, v)])),
      ...(r.what || []).map(([mistake, description, evidence]) => el('p', {}, 'The result matches the mistake ', el('strong', {}, mistake), `: ${description} `, el('span', { class: 'muted' }, evidence))),
      ...(r.who ? [el('h3', { class: 'minor' }, 'Who is wrong'), table('Both sides against the exact value', 'cards who', ['element', 'stage, scope', 'exact value', withError('actual'), withError('expected'), 'wrong'],
        r.who.map(([element, stage, scope, exact, actual, expected, actualError, expectedError, wrong]) =>
          [element, stage + '\n' + scope, exact, actual + '\n' + actualError, expected + '\n' + expectedError, wrong]), (i) => i > 1 && i < 5)] : []),
      ...keys.filter((k) => data.pictures[k]).map(pictures),
      el('h3', { class: 'minor' }, 'All judgements'),
      table('All judgements of ' + id + ' by ' + engine, 'judgements', ['stage', 'array', 'scope', 'verdict', 'elements', 'differ', 'outside', 'worst / bound', 'ULP', 'relative', 'notices a drop of'],
        judged.map((j) => [j.stage, el('code', {}, j.array), j.scope, chip(j.verdict), count(j.elements), count(j.differing), failed(count(j.failing), j.failing), fraction(j), distance(j.ulp), measure(j.relative), j.power ? measure(j.power) : 'anything']), (i) => i > 3),
      ...judged.map((j, i) => data.facts[keys[i]] && el('details', {}, el('summary', {}, 'Facts of ' + named(j)), el('pre', { tabindex: '0' }, data.facts[keys[i]]))),
      el('h3', { class: 'minor' }, 'Repeat it'), repeatLine(data.repeat.replace('{engine}', () => quote(engine)).replace('{case}', () => quote(id))));
  }
  /** The line of a row in the list, and after it, where that is open, its details. */
  function lines(row) {
    const { j, key } = row;
    const button = el('button', { type: 'button', class: 'link', 'aria-expanded': 'false', 'aria-controls': 'detail-' + key }, row.id);
    const tr = el('tr', {},
      el('td', {}, chip(VERDICTS[row.verdict])),
      el('td', { class: 'id' }, button),
      el('td', {}, row.engine),
      el('td', {}, ...(j ? [el('code', {}, j.stage + ' → ' + j.array), row.verdict > 0 && j.scope === 'end to end' && ' end to end'] : [])),
      el('td', { class: 'num', 'data-label': 'worst / bound' }, j && fraction(j)),
      el('td', { class: 'num', 'data-label': 'ULP' }, distance(row.ulp)),
      el('td', { class: 'num', 'data-label': 'outside' }, failed(count(row.outside), row.outside)));
    button.addEventListener('click', () => {
      const opens = row.lines.length === 1;
      button.ariaExpanded = opens;
      if (opens) row.lines.push(el('tr', { class: 'open' }, el('td', { class: 'detail', colspan: '7', id: 'detail-' + key }, detail(row))));
      else row.lines.pop().remove();
      tr.after(...row.lines.slice(1));
    });
    return [tr];
  }

  let page = 0;
  let shown = rows;
  /** The page of the list. Paper has none to turn: it gets all that do not pass beside it. */
  function show(onPaper) {
    const from = page * PAGE;
    const to = Math.min(from + PAGE, shown.length);
    const failing = shown.filter((row) => row.verdict).length;
    const visible = shown.filter((row, i) => (i >= from && i < to) || (onPaper && row.verdict));
    $('rows').replaceChildren(...visible.flatMap((row) => { row.lines ??= lines(row); return row.lines; }));
    $('count').textContent = shown.length === 0 ? 'No case matches.' : `${count(from + 1)}–${count(to)} of ${count(shown.length)}`
      // The controls that chose among the cases are not printed.
      + (onPaper && shown.length < rows.length ? ' chosen from ' + count(rows.length) : '')
      + (onPaper && failing ? '; of those that do not pass, all ' + count(failing) : '');
    $('previous').disabled = page === 0;
    $('next').disabled = to >= shown.length;
  }
  window.addEventListener('beforeprint', () => show(true));
  window.addEventListener('afterprint', () => show(false));
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  function select() {
    const words = $('search').value.toLowerCase().split(/\s+/);
    const verdict = $('verdict').value;
    const engine = $('engine')?.value;
    const sorted = document.querySelector('#cases th[aria-sort]');
    const fields = sorted.querySelector('button').dataset.sort.split(' ');
    const sign = sorted.ariaSort === 'descending' ? -1 : 1;
    shown = rows.filter((r) => (!verdict || (verdict === 'passing') === (r.verdict === 0)) && (!engine || r.engine === engine) && words.every((w) => r.text.includes(w)))
      .sort((a, b) => sign * fields.reduce((order, field) => order || compare(a[field], b[field]), 0));
    page = 0;
    show(false);
  }
  ['search', 'verdict', 'engine'].forEach((id) => $(id)?.addEventListener('input', select));
  const turn = (by) => { page += by; show(false); $('cases').scrollIntoView(); };
  $('previous').addEventListener('click', () => turn(-1));
  $('next').addEventListener('click', () => turn(1));
  document.querySelectorAll('[data-sort]').forEach((b) => b.addEventListener('click', () => {
    const th = b.closest('th');
    // The worst numbers and the first names come first.
    const first = ['id', 'engine'].includes(b.dataset.sort) ? 'ascending' : 'descending';
    const order = th.ariaSort === null ? first : th.ariaSort === 'ascending' ? 'descending' : 'ascending';
    document.querySelectorAll('#cases th').forEach((t) => { t.ariaSort = t === th ? order : null; });
    select();
  }));
  document.querySelectorAll('[data-find]').forEach((b) => b.addEventListener('click', () => {
    $('search').value = b.dataset.find;
    $('verdict').value = b.dataset.verdict || '';
    if ($('engine')) $('engine').value = b.dataset.engine;
    select();
    const first = $('rows').querySelector('button');
    if (shown.length === 1 && first.ariaExpanded === 'false') first.click();
    $('cases').scrollIntoView();
    first?.focus({ preventScroll: true });
  }));

  // The coverage of one stage.
  $('stage').addEventListener('input', () => document.querySelectorAll('[data-cell]').forEach((td) => {
    const [cases, failures, worst] = data.coverage[td.dataset.cell][$('stage').value] || [];
    td.classList.toggle('fail', failures > 0);
    td.classList.toggle('none', cases === undefined);
    td.replaceChildren(...(cases === undefined ? ['–'] : [count(cases), el('small', {}, failures ? count(failures) + ' failed' : worst ? measure(worst) : 'equal')]));
  }));

  select();
  document.documentElement.dataset.ready = Math.round(performance.now());
})();
