(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const VERDICTS = ['parity', 'undecidable', 'mismatch'];
  const MARKS = ['Parity', 'Undecidable', 'Mismatch'];
  const PAGE = 50;
  const $ = (id) => document.getElementById(id);

  /** An element; text is always text. */
  function el(tag, attributes, ...children) {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes || {})) {
      if (v === true) e.setAttribute(k, '');
      else if (v !== null && v !== undefined && v !== false) e.setAttribute(k, v);
    }
    e.append(...children.filter((c) => c !== null && c !== undefined));
    return e;
  }
  const count = (n) => n.toLocaleString('en-US');
  function measure(v) {
    if (v === -1) return 'inf';
    if (!v) return '0';
    return scientific(v >= 0.001 && v < 1e5 ? v.toPrecision(3) : v.toExponential(2));
  }
  // As the other reports write it: 1.57e-06.
  const scientific = (text) => text.replace(/e([+-])(\d)$/, 'e$10$2');
  const distance = (n) => (n < 1e7 ? count(n) : scientific(n.toExponential(2)));
  const rank = (v) => (v === -1 ? Infinity : v);
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  };

  // One row for each case and engine. J names the positions in a judgement.
  const J = { stage: 0, array: 1, scope: 2, verdict: 3, elements: 4, differing: 5, failing: 6, undecidable: 7, ambiguous: 8, fraction: 9, ulp: 10, relative: 11, power: 12 };
  // What fails and is not beyond its bound is a NaN or an infinity, which is no number of bounds away.
  const fraction = (j) => (j[J.failing] && j[J.fraction] >= 0 && j[J.fraction] <= 1 ? '–' : measure(j[J.fraction] || 0));
  const rows = [];
  data.cases.forEach((c, ci) => c.runs.forEach((r, ri) => {
    const j = r.judgements[r.worst] || null;
    rows.push({
      c, r, j, key: ci + '.' + ri, id: c.id, engine: data.engines[r.engine], verdict: r.verdict,
      fraction: j ? rank(j[J.fraction] || 0) : 0, ulp: j ? j[J.ulp] || 0 : 0, outside: j ? j[J.failing] || 0 : 0,
      text: [c.id, c.why, c.kind, c.dtype, c.parameters, data.engines[r.engine], j ? data.stages[j[J.stage]] + ' ' + data.arrays[j[J.array]] : '', (r.what || []).map((w) => w[0]).join(' ')].join(' ').toLowerCase(),
    });
  }));

  // Pictures.
  const mix = (a, b, t) => 'rgb(' + a.map((x, i) => Math.round(x + (b[i] - x) * t)).join(' ') + ')';
  function colour(cell, outside) {
    const night = dark();
    if (cell === '.') return night ? '#22262a' : '#f1f1ee';
    if (cell === '?') return night ? '#c79a3f' : '#d9a93c';
    if (cell === '!') return night ? '#e37be0' : '#8e1f8b';
    const code = cell.charCodeAt(0);
    if (code < 97) { // inside: only the last dozen powers of two are told apart
      const t = Math.max(0, (code - 65 - 13) / 12);
      return night ? mix([38, 52, 68], [112, 174, 245], t) : mix([226, 234, 243], [42, 104, 176], t);
    }
    // Outside: what is there spans the colours, the worst the strongest, but a step is never more than a sixth of them.
    const t = 1 - (outside.to - code) / Math.max(6, outside.to - outside.from);
    return night ? mix([112, 52, 30], [255, 168, 128], t) : mix([250, 200, 130], [150, 8, 22], t);
  }
  /** The least and the worst letter outside of the tolerance. */
  function span(cells) {
    const codes = [...new Set(cells.join(''))].filter((c) => c >= 'a' && c <= 'z').map((c) => c.charCodeAt(0));
    return { from: Math.min(...codes), to: Math.max(...codes) };
  }
  function meaning(p, cell) {
    if (cell === '.') return 'no difference';
    if (cell === '?') return 'undecidable';
    if (cell === '!') return 'NaN or infinity on one side only';
    const code = cell.charCodeAt(0);
    if (p.measure === 'scale') return 'differs by ' + (code === 97 ? 'less than 4^-24' : 'about 4^-' + (122 - code)) + ' of the largest expected value';
    if (code < 97) return 'inside: at most ' + measure(Math.pow(2, code - 90)) + ' of the tolerance';
    return 'outside: at least ' + measure(Math.pow(4, code - 97)) + ' times the tolerance' + (code === 122 ? ', or none is allowed' : '');
  }
  const painters = [];
  function paint(canvas, cells, size, tall = size, outside = span(cells)) {
    const scale = Math.max(1, window.devicePixelRatio || 1);
    const columns = cells[0].length;
    canvas.width = columns * size * scale;
    canvas.height = cells.length * tall * scale;
    canvas.style.width = columns * size + 'px';
    canvas.style.aspectRatio = columns * size + ' / ' + cells.length * tall;
    const g = canvas.getContext('2d');
    const gap = Math.min(size, tall) >= 9 ? 1 : 0;
    const draw = (focus) => {
      g.setTransform(scale, 0, 0, scale, 0, 0);
      g.clearRect(0, 0, canvas.width, canvas.height);
      cells.forEach((row, y) => [...row].forEach((cell, x) => {
        g.fillStyle = colour(cell, outside);
        g.fillRect(x * size, y * tall, size - gap, tall - gap);
      }));
      if (focus) {
        g.strokeStyle = dark() ? '#fff' : '#000';
        g.lineWidth = 2;
        g.strokeRect(focus[1] * size + 1, focus[0] * tall + 1, Math.max(1, size - gap - 2), Math.max(1, tall - gap - 2));
      }
    };
    draw();
    painters.push(draw);
    return draw;
  }
  const range = (i, cells, extent) => {
    const from = Math.ceil(i * extent / cells);
    const to = Math.ceil((i + 1) * extent / cells) - 1;
    return to > from ? from + '–' + to : String(from);
  };
  function heatMap(p, title) {
    const columns = p.cells[0].length;
    const wide = Math.min(432, document.documentElement.clientWidth - 100);
    // Square where both sides are short; a long matrix gets cells up to four times as wide as high, or the reverse.
    const tall = Math.max(3, Math.min(22, Math.floor(300 / p.cells.length), 4 * Math.max(3, Math.floor(wide / columns))));
    const size = Math.max(3, Math.min(22, Math.floor(wide / columns), 4 * tall));
    const name = (i) => p.names[i] || (p.axes[i] < 0 ? '' : 'axis ' + p.axes[i]);
    const worst = [...p.cells.join('')].reduce((a, b) => (ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a), '.');
    const outside = [...p.cells.join('')].filter((c) => c === '!' || (c >= 'a' && c <= 'z')).length;
    const summary = title + '. ' + count(outside) + ' of ' + count(columns * p.cells.length) + ' cells are outside; the worst ' + meaning(p, worst) + '.';
    const canvas = el('canvas', { role: 'img', tabindex: '0', 'aria-label': summary + ' Arrow keys read the cells.' });
    const readout = el('p', { class: 'readout', 'aria-live': 'polite' }, count(outside) + ' of ' + count(columns * p.cells.length) + ' cells outside');
    const draw = paint(canvas, p.cells, size, tall);
    let at = [0, 0];
    const read = () => {
      readout.textContent = [0, 1].filter((i) => p.axes[i] >= 0)
        .map((i) => name(i) + ' ' + range(at[i], i ? columns : p.cells.length, p.extents[i])).join(', ') + ': ' + meaning(p, p.cells[at[0]][at[1]]);
      draw(at);
    };
    canvas.addEventListener('pointermove', (e) => {
      const box = canvas.getBoundingClientRect();
      at = [Math.min(p.cells.length - 1, Math.floor((e.clientY - box.top) / box.height * p.cells.length)), Math.min(columns - 1, Math.floor((e.clientX - box.left) / box.width * columns))].map((x) => Math.max(0, x));
      read();
    });
    canvas.addEventListener('pointerleave', () => draw());
    canvas.addEventListener('focus', read);
    canvas.addEventListener('blur', () => draw());
    canvas.addEventListener('keydown', (e) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key];
      if (!step) return;
      e.preventDefault();
      at = [Math.max(0, Math.min(p.cells.length - 1, at[0] + step[0])), Math.max(0, Math.min(columns - 1, at[1] + step[1]))];
      read();
    });
    const axis = (i, of) => el('span', { class: of }, ...(p.axes[i] < 0 ? [] : [el('i', {}, '0'), el('b', {}, name(i)), p.extents[i] > 1 ? el('i', {}, count(p.extents[i] - 1)) : null].filter(Boolean)));
    return el('figure', {},
      el('figcaption', {}, el('b', {}, title), p.measure === 'scale'
        ? 'Largest |actual − expected| in each cell, against the largest expected value: no difference is allowed.'
        : 'Largest |actual − expected| in each cell, as a fraction of the tolerance.'),
      el('div', { class: 'heat' }, axis(0, 'rows'), canvas, axis(1, 'columns')),
      readout, legend(p),
      el('details', {}, el('summary', {}, 'The cells as text'), el('p', { class: 'small muted' }, 'A dot: no difference. A–Z: inside the tolerance, each letter a factor of two, Z closest to it. a–z: outside, each letter a factor of four, a closest to it. ?: undecidable. !: NaN or infinity on one side only.'), el('pre', { tabindex: '0' }, p.cells.join('\n'))));
  }
  const ORDER = '.ABCDEFGHIJKLMNOPQRSTUVWXYZ?abcdefghijklmnopqrstuvwxyz!';
  function legend(p) {
    const present = new Set(p.cells.join(''));
    const swatch = (cells, text) => {
      const canvas = el('canvas', { 'aria-hidden': 'true' });
      paint(canvas, [cells], cells.length > 1 ? 6 : 11, 11, span([...present]));
      canvas.style.height = '11px';
      canvas.style.aspectRatio = 'auto';
      return el('li', {}, canvas, text);
    };
    const inside = [...present].some((c) => c >= 'A' && c <= 'Z');
    const { from, to } = span(p.cells);
    // Every other letter of what is there, the worst among them.
    const ramp = Array.from({ length: Math.floor((to - from) / 2) + 1 }, (_, i) => String.fromCharCode(to - 2 * i)).reverse();
    const ends = p.measure === 'scale'
      ? 'different, by ' + [from, to].map((c) => measure(Math.pow(4, c - 122))).filter((t, i, all) => all.indexOf(t) === i).join(' to ') + ' of the largest value'
      : 'outside, ' + (to === 122 ? 'beyond all measure' : 'up to ' + measure(Math.pow(4, to - 96)) + ' tolerances');
    return el('ul', { class: 'legend' },
      swatch('.', 'equal'),
      inside ? swatch('NPRTVXZ', 'inside, up to the tolerance') : null,
      to >= from ? swatch(ramp.join(''), ends) : null,
      present.has('?') ? swatch('?', 'undecidable') : null,
      present.has('!') ? swatch('!', 'NaN or infinity on one side') : null);
  }
  const SVG = 'http://www.w3.org/2000/svg';
  function svg(tag, attributes, ...children) {
    const e = document.createElementNS(SVG, tag);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    e.append(...children);
    return e;
  }
  const bucket = (i) => (i === 0 ? '0' : i === 1 ? '1' : i < 11 ? count(2 ** (i - 1)) + '–' + count(2 ** i - 1) : '2^' + (i - 1) + ' to 2^' + i);
  function histogram(p) {
    const { counts, failing, nonfinite } = p.ulps;
    const W = 340, H = 150, base = H - 22, top = 16;
    const n = Math.max(8, counts.length);
    const step = Math.min(34, (W - 10) / n);
    const most = Math.log1p(Math.max(1, ...counts));
    const height = (v) => (v ? Math.max(2, Math.log1p(v) / most * (base - top)) : 0);
    const root = svg('svg', { viewBox: '0 0 ' + W + ' ' + H, width: W, height: H, role: 'img', 'aria-label': 'Histogram of the ULP distance; the same numbers stand in the table below.' });
    root.append(svg('line', { class: 'base', x1: 0, x2: W, y1: base + .5, y2: base + .5 }));
    const every = Math.ceil(n / 9);
    const tallest = Math.max(...counts.slice(0, 4).map(height)); // as far as the first one's number reaches
    counts.forEach((v, i) => {
      const x = 5 + i * step;
      const h = height(v), f = height(failing[i]);
      const g = svg('g', {}, svg('title', {}, bucket(i) + ' ULP: ' + count(v) + ' elements, ' + count(failing[i]) + ' outside'));
      if (v) g.append(svg('rect', { class: 'in', x, y: base - h, width: step - 1.5, height: h }));
      if (f) g.append(svg('rect', { class: 'out', x, y: base - f, width: step - 1.5, height: f }));
      if (i === 0 && v) g.append(svg('text', { x, y: base - tallest - 4 }, count(v)));
      root.append(g);
    });
    for (let i = 0; i < n && i * step < W - 30; i += every) {
      root.append(svg('text', { x: 5 + i * step, y: H - 6 }, i === 0 ? '0' : i < 8 ? String(2 ** (i - 1)) : '2^' + (i - 1)));
    }
    const table = el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'ULP'), el('th', { scope: 'col', class: 'num' }, 'elements'), el('th', { scope: 'col', class: 'num' }, 'outside'))),
      el('tbody', {}, ...counts.map((v, i) => (v ? el('tr', {}, el('th', { scope: 'row' }, bucket(i)), el('td', { class: 'num' }, count(v)), el('td', { class: 'num' + (failing[i] ? ' fail' : '') }, count(failing[i]))) : null)).filter(Boolean)));
    return el('figure', { class: 'histogram' },
      el('figcaption', {}, el('b', {}, 'Distance in ULP'), 'Elements by the number of representable values between actual and expected; heights are logarithmic, red is outside.' + (nonfinite ? ' NaN or infinity on one side only: ' + count(nonfinite) + '.' : '')),
      root, el('details', {}, el('summary', {}, 'The numbers'), el('div', { class: 'scroll' }, table)));
  }
  const scopeName = (j) => (j[J.scope] ? 'end to end' : 'local');
  const named = (j) => data.arrays[j[J.array]] + ' by ' + data.stages[j[J.stage]] + ', ' + scopeName(j);
  function pictures(key) {
    const p = data.pictures[key];
    if (!p) return null;
    const [ci, ri, ji] = key.split('.').map(Number);
    const j = data.cases[ci].runs[ri].judgements[ji];
    const title = named(j) + ', ' + data.engines[data.cases[ci].runs[ri].engine];
    return el('div', { class: 'pictures' }, heatMap(p, title), histogram(p));
  }
  // Those on the page are drawn when they come near, or are printed; the others when their details open.
  const near = new IntersectionObserver((entries) => entries.filter((e) => e.isIntersecting).forEach((e) => unveil(e.target)), { rootMargin: '400px' });
  function unveil(e) {
    near.unobserve(e);
    const drawn = pictures(e.dataset.picture);
    if (drawn) e.replaceWith(drawn);
  }
  document.querySelectorAll('[data-picture]').forEach((e) => near.observe(e));

  // The line that repeats.
  function repeatLine(text) {
    const button = el('button', { type: 'button', 'data-copy': text }, 'Copy');
    const words = text.split(' ').flatMap((word, i) => [i ? ' ' : '', el('span', {}, word)]);
    return el('div', { class: 'repeat' }, el('pre', {}, ...words), button);
  }
  document.addEventListener('click', (e) => {
    const button = e.target.closest('[data-copy]');
    if (!button) return;
    const text = button.dataset.copy || button.previousElementSibling.textContent;
    const done = () => { button.textContent = 'Copied'; setTimeout(() => { button.textContent = 'Copy'; }, 1500); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => {});
  });

  // The cases.
  const quote = (w) => (/^[A-Za-z0-9_.\/:=,+@%-]+$/.test(w) ? w : "'" + w.replaceAll("'", "'\\''") + "'");
  function judgementTable(row) {
    const head = ['stage', 'array', 'scope', 'verdict'].map((t) => el('th', { scope: 'col' }, t))
      .concat(['elements', 'differ', 'outside', 'worst / bound', 'ULP', 'relative', 'notices a drop of'].map((t) => el('th', { scope: 'col', class: 'num' }, t)));
    const body = row.r.judgements.map((j) => el('tr', {},
      el('th', { scope: 'row' }, data.stages[j[J.stage]]), el('td', {}, el('code', {}, data.arrays[j[J.array]])), el('td', {}, scopeName(j)),
      el('td', {}, el('span', { class: 'chip ' + VERDICTS[j[J.verdict]] }, MARKS[j[J.verdict]])),
      ...[count(j[J.elements]), count(j[J.differing] || 0), count(j[J.failing] || 0), fraction(j), distance(j[J.ulp] || 0), measure(j[J.relative] || 0), j[J.power] ? measure(j[J.power]) : 'anything']
        .map((t, i) => el('td', { class: 'num' + (i === 2 && j[J.failing] ? ' fail' : '') }, t))));
    return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'All judgements' },
      el('table', { class: 'judgements' }, el('caption', { class: 'visually-hidden' }, 'All judgements of ' + row.id + ' by ' + row.engine), el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)));
  }
  function detail(row) {
    const { c, r } = row;
    const out = el('div', {}, el('p', {}, c.why));
    out.append(el('dl', { class: 'kv' }, ...[['operation', c.operation], ['family', c.kind], ['dtype', c.dtype], ['parameters', c.parameters], ['policy', c.policy], ['seed', String(c.seed)], ['case.json', c.sha256]]
      .flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, v)])));
    (r.what || []).forEach((w) => out.append(el('p', {}, 'The result matches the mistake ', el('strong', {}, w[0]), ': ' + w[1] + ' ', el('span', { class: 'muted' }, w[2]))));
    if (r.who) out.append(el('h4', {}, 'Who is wrong'), whoTable(r.who));
    r.judgements.forEach((j, ji) => {
      const drawn = pictures(row.key + '.' + ji);
      if (drawn) out.append(drawn);
    });
    out.append(el('h4', {}, 'All judgements'), judgementTable(row));
    r.judgements.forEach((j, ji) => {
      const facts = data.facts[row.key + '.' + ji];
      if (facts) out.append(el('details', {}, el('summary', {}, 'Facts of ' + named(j)), el('pre', { tabindex: '0' }, facts)));
    });
    out.append(el('h4', {}, 'Repeat it'), repeatLine(data.repeat.replace('{engine}', () => quote(row.engine)).replace('{case}', () => quote(c.id))));
    return out;
  }
  function whoTable(who) {
    const cell = (tag, attributes, lines) => el(tag, attributes, lines[0], ...lines.slice(1).flatMap((line) => [el('br'), line]));
    const numeric = (i) => (i > 1 && i < 5 ? 'num' : '');
    const error = 'error / bound, ULP';
    const head = [['element'], ['stage', 'scope'], ['exact value'], ['actual', error], ['expected', error], ['wrong']];
    const cells = ([element, stage, scope, exact, actual, expected, actualError, expectedError, wrong]) =>
      [[element], [stage, scope], [exact], [actual, actualError], [expected, expectedError], [wrong]];
    return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Both sides against the exact value' }, el('table', {},
      el('thead', {}, el('tr', {}, ...head.map((lines, i) => cell('th', { scope: 'col', class: numeric(i) }, lines)))),
      el('tbody', {}, ...who.map((w) => el('tr', {}, ...cells(w).map((lines, i) => cell('td', { class: numeric(i) }, lines)))))));
  }

  const state = { page: 0, sort: 'worst', down: true, shown: rows };
  const SORTS = {
    worst: (a, b) => a.verdict - b.verdict || a.fraction - b.fraction || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
    case: (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
    engine: (a, b) => (a.engine < b.engine ? -1 : a.engine > b.engine ? 1 : 0),
    fraction: (a, b) => a.fraction - b.fraction || 0,
    ulp: (a, b) => a.ulp - b.ulp,
    outside: (a, b) => a.outside - b.outside,
  };
  function select() {
    const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = $('verdict').value;
    const engine = $('engine') ? $('engine').value : '';
    state.shown = rows.filter((r) => (verdict === '' || (verdict === 'passing') === (r.verdict === 0)) && (!engine || r.engine === engine) && words.every((w) => r.text.includes(w)));
    const by = SORTS[state.sort];
    state.shown.sort(state.down ? (a, b) => by(b, a) : by);
    state.page = 0;
    show();
  }
  function listed(row) {
    const id = 'detail-' + row.key.replace('.', '-');
    const button = el('button', { type: 'button', class: 'link', 'aria-expanded': 'false', 'aria-controls': id }, row.id);
    const j = row.j;
    const tr = el('tr', { role: 'row' },
      el('td', { role: 'cell' }, el('span', { class: 'chip ' + VERDICTS[row.verdict] }, MARKS[row.verdict])),
      el('td', { role: 'cell', class: 'id' }, button),
      el('td', { role: 'cell' }, row.engine),
      el('td', { role: 'cell' }, j ? data.stages[j[J.stage]] + ' → ' : '', j ? el('code', {}, data.arrays[j[J.array]]) : '', j && row.verdict && j[J.scope] ? ' end to end' : ''),
      el('td', { role: 'cell', class: 'num', 'data-label': 'worst / bound' }, j ? fraction(j) : ''),
      el('td', { role: 'cell', class: 'num', 'data-label': 'ULP' }, distance(row.ulp)),
      el('td', { role: 'cell', class: 'num' + (row.outside ? ' fail' : ''), 'data-label': 'outside' }, count(row.outside)));
    button.addEventListener('click', () => {
      const open = button.getAttribute('aria-expanded') === 'true';
      button.setAttribute('aria-expanded', String(!open));
      if (open) tr.nextElementSibling.remove();
      else tr.after(el('tr', { class: 'open', role: 'row' }, el('td', { role: 'cell', class: 'detail', colspan: '7', id }, detail(row))));
    });
    return tr;
  }
  function show() {
    const from = state.page * PAGE;
    const visible = state.shown.slice(from, from + PAGE);
    $('rows').replaceChildren(...visible.map(listed));
    const pages = Math.max(1, Math.ceil(state.shown.length / PAGE));
    $('count').textContent = state.shown.length === 0 ? 'No case matches.' : count(from + 1) + '–' + count(from + visible.length) + ' of ' + count(state.shown.length);
    $('previous').disabled = state.page === 0;
    $('next').disabled = state.page >= pages - 1;
  }
  // Paper has no pages to turn: beside the one shown it gets all that do not pass.
  let screen = null;
  window.addEventListener('beforeprint', () => {
    document.querySelectorAll('[data-picture]').forEach((e) => e.checkVisibility() && unveil(e));
    if (screen || state.shown.length === 0) return;
    screen = { lines: [...$('rows').children], text: $('count').textContent };
    const lines = screen.lines.filter((tr) => !tr.classList.contains('open'));
    const from = state.page * PAGE;
    const printed = state.shown.flatMap((row, i) => {
      const tr = lines[i - from];
      if (!tr) return row.verdict ? [listed(row)] : [];
      const next = tr.nextElementSibling;
      return next && next.classList.contains('open') ? [tr, next] : [tr];
    });
    $('rows').replaceChildren(...printed);
    const failing = state.shown.filter((row) => row.verdict).length;
    // The controls that chose among the cases are not printed.
    const chosen = state.shown.length < rows.length ? ' chosen from ' + count(rows.length) : '';
    $('count').textContent = screen.text + chosen + (failing ? '; of those that do not pass, all ' + count(failing) : '');
  });
  window.addEventListener('afterprint', () => {
    if (!screen) return;
    $('rows').replaceChildren(...screen.lines);
    $('count').textContent = screen.text;
    screen = null;
  });
  ['search', 'verdict', 'engine'].forEach((id) => $(id) && $(id).addEventListener('input', select));
  const turn = (by) => { state.page += by; show(); $('cases').scrollIntoView(); };
  $('previous').addEventListener('click', () => turn(-1));
  $('next').addEventListener('click', () => turn(1));
  document.querySelectorAll('[data-sort]').forEach((b) => b.addEventListener('click', () => {
    const th = b.closest('th');
    state.down = state.sort === b.dataset.sort ? !state.down : !['case', 'engine'].includes(b.dataset.sort);
    state.sort = b.dataset.sort;
    document.querySelectorAll('#cases th[aria-sort]').forEach((t) => t.removeAttribute('aria-sort'));
    th.setAttribute('aria-sort', state.down ? 'descending' : 'ascending');
    select();
  }));
  document.querySelectorAll('[data-find]').forEach((b) => b.addEventListener('click', () => {
    $('search').value = b.dataset.find;
    $('verdict').value = b.dataset.verdict || '';
    if ($('engine')) $('engine').value = b.dataset.engine;
    select();
    const first = $('rows').querySelector('button');
    if (first && state.shown.length === 1) first.click();
    $('cases').scrollIntoView();
    if (first) first.focus({ preventScroll: true });
  }));

  // The coverage of one stage.
  if ($('stage')) {
    $('stage').addEventListener('input', () => {
      const stage = $('stage').value;
      document.querySelectorAll('[data-cell]').forEach((td) => {
        const tally = data.coverage[td.dataset.cell][stage];
        td.classList.toggle('fail', Boolean(tally && tally[1]));
        td.classList.toggle('none', !tally);
        td.replaceChildren(...(tally ? [count(tally[0]), el('small', {}, tally[1] ? count(tally[1]) + ' failed' : tally[2] ? measure(tally[2]) : 'equal')] : ['–']));
      });
    });
  }

  // Light and dark.
  const repaint = () => painters.forEach((p) => p());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  $('theme').hidden = false;
  $('theme').addEventListener('click', () => {
    document.documentElement.dataset.theme = dark() ? 'light' : 'dark';
    repaint();
  });

  select();
  document.documentElement.dataset.ready = Math.round(performance.now());
})();
