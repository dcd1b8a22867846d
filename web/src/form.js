// Formulas of report forms while they are typed: works out, hides, warns. Comfort only: the server works everything out again.
// The language is that of the Go package formdef, with full addresses; tested against it with formdef/testdata/vectors.json.
// Numbers are exact fractions of BigInt. A value is {s, v}: s 0 missing, 1 "không phát sinh", 2 given; truth is true, false or null.

const MISSING = { s: 0 }, NONE = { s: 1 };
const given = (v) => ({ s: 2, v });
const Z = 0n, I = 1n;
const frac = (n, d = I) => (d < Z ? [-n, -d] : [n, d]);
const cmpFrac = (a, b) => {
  const x = a[0] * b[1] - b[0] * a[1];
  return x < Z ? -1 : x > Z ? 1 : 0;
};

// number reads 12.5 (a point, as formulas and stored values are written).
export function number(s) {
  const [w, f = ""] = s.split(".");
  return frac(BigInt(w + f), 10n ** BigInt(f.length));
}

// round gives a fraction with so many decimals, halves away from zero.
export function round([n, d], decimals) {
  const p = 10n ** BigInt(decimals), neg = n < Z, m = (neg ? -n : n) * p;
  let q = m / d;
  if ((m % d) * 2n >= d) q += I;
  return [neg ? -q : q, p];
}

// show writes a rounded number as people do: 38.450,5, in English 38,450.5.
export function show(x, decimals, en) {
  const [q] = round(x, decimals), neg = q < Z;
  let s = String(neg ? -q : q).padStart(decimals + 1, "0"), f = "";
  if (decimals) {
    f = s.slice(-decimals).replace(/0+$/, "");
    s = s.slice(0, -decimals);
  }
  return (neg ? "-" : "") + s.replace(/\B(?=(\d{3})+$)/g, en ? "," : ".") + (f && (en ? "." : ",") + f);
}

const token = /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|"([^"]*)"|\$\{([^}]*)\}|(or|and|div)(?![\w-])|([a-z][\w-]*)\s*\(|(!=|<=|>=|[=<>+\-*(),]))/y;

// compile turns a formula into a function of an environment: {get(address), last(address), list(addresses), count(repeat), today}.
export function compile(text) {
  let at = 0, now;
  const next = () => {
    token.lastIndex = at;
    now = token.exec(text) || [];
    at = token.lastIndex;
  };
  const take = (i, word) => {
    const w = now[i];
    if (w === undefined || (word && w !== word)) return "";
    next();
    return w;
  };
  // Pages carry formulas with every operation in brackets, so there is no precedence to know.
  const formula = () => {
    let x = primary(), w;
    while (ops[now[5] || now[7]] && (w = take(5) || take(7))) {
      const a = x, b = primary(), f = ops[w];
      x = (e) => f(a, b, e);
    }
    return x;
  };
  const primary = () => {
    const [, num, s1, s2, ref, , fn] = now;
    if (take(7, "-")) {
      const x = primary();
      return (e) => arith(x(e), NONE, (a) => frac(-a[0], a[1]), true);
    }
    if (take(7, "(")) {
      const x = formula();
      take(7, ")");
      return x;
    }
    next();
    if (num !== undefined) return () => given(number(num));
    const str = s1 ?? s2;
    if (str !== undefined) return () => given(str);
    if (ref !== undefined) {
      const f = (e) => e.get(ref);
      f.ref = ref;
      return f;
    }
    const args = [];
    while (!take(7, ")")) {
      if (!now[0]) throw new Error(text);
      args.push(formula());
      take(7, ",");
    }
    const f = calls[fn];
    return (e) => f(args, e);
  };
  next();
  return formula();
}

// arith joins two figures; none counts as nothing, a joining of nothing but none is none.
function arith(a, b, f, one) {
  if (!a.s || (!b.s && !one)) return MISSING;
  if (a.s === 1 && b.s === 1) return NONE;
  return given(f(a.s === 1 ? [Z, I] : a.v, b.s === 1 ? [Z, I] : b.v));
}

const plus = (x, y) => [x[0] * y[1] + y[0] * x[1], x[1] * y[1]];
const compare = (test) => (a, b, e) => {
  const x = a(e), y = b(e);
  if (x === null || y === null) return null;
  if (typeof x === "boolean") return test(x === y ? 0 : 1);
  if (!x.s || !y.s) return null;
  const word = typeof x.v === "string" || typeof y.v === "string", v = (z) => (z.s === 1 ? (word ? "" : [Z, I]) : z.v);
  const p = v(x), q = v(y);
  return test(word ? (p < q ? -1 : p > q ? 1 : 0) : cmpFrac(p, q));
};

const ops = {
  or: (a, b, e) => {
    const x = a(e);
    if (x === true) return x;
    const y = b(e);
    return y === true || x !== null ? y : null;
  },
  and: (a, b, e) => {
    const x = a(e);
    if (x === false) return x;
    const y = b(e);
    return y === false || x !== null ? y : null;
  },
  "+": (a, b, e) => arith(a(e), b(e), plus),
  "-": (a, b, e) => arith(a(e), b(e), (x, y) => plus(x, [-y[0], y[1]])),
  "*": (a, b, e) => {
    const x = a(e), y = b(e);
    return !x.s || !y.s ? MISSING : x.s === 1 || y.s === 1 ? NONE : given([x.v[0] * y.v[0], x.v[1] * y.v[1]]);
  },
  div: (a, b, e) => {
    const x = a(e), y = b(e);
    if (!x.s || y.s !== 2 || y.v[0] === Z) return MISSING;
    return x.s === 1 ? NONE : given(frac(x.v[0] * y.v[1], x.v[1] * y.v[0]));
  },
  "=": compare((c) => c === 0),
  "!=": compare((c) => c !== 0),
  "<": compare((c) => c < 0),
  "<=": compare((c) => c <= 0),
  ">": compare((c) => c > 0),
  ">=": compare((c) => c >= 0),
};

// fold is sum, min, max over cells and numbers; a missing part makes it missing.
const fold = (join) => (args, e) => {
  let out, only = true, empty = MISSING;
  for (const a of args) {
    const all = a.ref && /[,*]/.test(a.ref) ? e.list(a.ref) : [a(e)];
    if (!all.length && /\*/.test(a.ref) && e.get(a.ref.split("[")[0]).s === 1) empty = NONE;
    for (const x of all) {
      if (!x.s) return MISSING;
      only &&= x.s === 1;
      const v = x.s === 1 ? [Z, I] : x.v;
      out = out ? join(out, v) : v;
    }
  }
  return out ? (only ? NONE : given(out)) : empty;
};

const calls = {
  true: () => true,
  false: () => false,
  not: ([a], e) => {
    const x = a(e);
    return x === null ? x : !x;
  },
  if: ([c, a, b], e) => {
    const x = c(e);
    return x === null ? MISSING : x ? a(e) : b(e);
  },
  coalesce: ([a, b], e) => {
    const x = a(e);
    return x.s ? x : b(e);
  },
  sum: fold(plus),
  min: fold((x, y) => (cmpFrac(y, x) < 0 ? y : x)),
  max: fold((x, y) => (cmpFrac(y, x) > 0 ? y : x)),
  count: ([a], e) => {
    const n = e.count(a.ref);
    return n ? given([BigInt(n), I]) : e.get(a.ref).s === 1 ? NONE : MISSING;
  },
  "count-non-empty": ([a], e) => given([BigInt(e.list(a.ref).filter((x) => x.s === 2).length), I]),
  answered: ([a], e) => a(e).s > 0 || (!!a.ref && e.count(a.ref) > 0),
  "is-none": ([a], e) => a(e).s === 1 && !(a.ref && e.count(a.ref)),
  selected: ([a, b], e) => {
    const x = a(e);
    return x.s ? x.s === 2 && x.v.split(" ").includes(b(e).v) : null;
  },
  "string-length": ([a], e) => {
    const x = a(e);
    return x.s ? given([BigInt(x.s === 2 ? [...x.v].length : 0), I]) : MISSING;
  },
  abs: ([a], e) => {
    const x = a(e);
    return x.s === 2 && x.v[0] < Z ? given([-x.v[0], x.v[1]]) : x;
  },
  round: ([a, b], e) => {
    const x = a(e);
    return x.s === 2 ? given(round(x.v, Number(b(e).v[0]))) : x;
  },
  today: (_, e) => (e.today ? given(e.today) : MISSING),
  date: ([a], e) => a(e),
  days: ([a, b], e) => {
    const x = a(e), y = b(e);
    return x.s === 2 && y.s === 2 ? given([BigInt(Math.round((Date.parse(x.v) - Date.parse(y.v)) / 864e5)), I]) : MISSING;
  },
  last: ([a], e) => e.last(a.ref),
};

// values makes an environment of stored values: figures as numbers in text, text as strings, none as {none: true}.
export function values(cells, last = {}, today = "") {
  const read = (v) => (v === undefined ? MISSING : typeof v === "object" ? NONE : /^-?\d+(\.\d+)?$/.test(v) ? given(number(v)) : given(v.replace(/^'/, "")));
  const entries = (repeat) => {
    const seen = new Set();
    for (const a in cells) if (a.startsWith(repeat + "[")) seen.add(a.slice(0, a.indexOf("]") + 1));
    return [...seen];
  };
  return {
    today,
    get: (a) => read(cells[a]),
    last: (a) => read(last[a]),
    count: (repeat) => entries(repeat).length,
    list: (refs) => refs.split(",").flatMap((a) => {
      const star = a.indexOf("[*]");
      return star < 0 ? [read(cells[a])] : entries(a.slice(0, star)).map((p) => read(cells[p + a.slice(star + 3)]));
    }),
  };
}

// --- the page ---

const vi = (s) => {
  s = s.replace(/[\s\u00a0\u202f]/g, "");
  const m = /^(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,6}))?$/.exec(s);
  return m && m[1] + m[2].replaceAll(".", "") + (m[3] ? "." + m[3] : "");
};
const nothing = /^(-|–|—|kps|không phát sinh)$/i;

// bind watches the inputs of a sheet: works out what is calculated, hides what is not asked, shows the conditions that do not hold.
export function bind(root) {
  const en = root.dataset.lang === "en", cells = {}, last = {}, all = [...root.querySelectorAll("[data-cell]")];
  const value = (name) => root.querySelector(`[name="${CSS.escape(name)}"]`)?.value.trim() ?? "";
  const ticked = (name) => !!root.querySelector(`[name="${CSS.escape(name)}"]`)?.checked;
  const compiled = new Map();
  const run = (text, box, env) => {
    const entry = /^(.*\[\d+\])\//.exec(box.dataset.cell);
    const full = entry ? text.replaceAll(/\$\{[a-z0-9_]+\[\.\]/g, "${" + entry[1]) : text;
    if (!compiled.has(full)) compiled.set(full, compile(full));
    return compiled.get(full)(env);
  };
  const read = (box) => {
    const a = box.dataset.cell, name = "v." + a, row = a.split("/");
    if (box.dataset.hiddenCell || box.dataset.calc) return undefined;
    if (ticked("n." + a)) return NONE;
    const type = box.dataset.type;
    if (type === "date") {
      const d = value(name + ".day"), m = value(name + ".month"), y = value(name + ".year");
      return /^\d{4}$/.test(y) && d && m ? given(`${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`) : undefined;
    }
    if (type === "choice") {
      const on = [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((i) => i.checked || i.tagName === "SELECT").map((i) => i.value);
      return on.join(" ") ? given(on.join(" ")) : undefined;
    }
    const s = value(name);
    if (/integer|decimal|money/.test(type)) {
      if (nothing.test(s) || (!s && row.length === 3 && ticked(`n.${row[0]}/${row[1]}`))) return NONE;
      const n = vi(s);
      return n ? given(number(n)) : undefined;
    }
    return s ? given(s) : undefined;
  };
  const entries = (repeat) => [...new Set(Object.keys(cells).filter((a) => a.startsWith(repeat + "[")).map((a) => a.slice(0, a.indexOf("]") + 1)))];
  const get = (a) => cells[a] || MISSING;
  const shown = (a) => !root.querySelector(`[data-cell="${CSS.escape(a)}"]`)?.dataset.hiddenCell;
  const env = {
    today: root.dataset.today,
    get,
    last: (a) => last[a] || MISSING,
    count: (repeat) => entries(repeat).length,
    list: (refs) => refs.split(",").flatMap((a) => {
      const star = a.indexOf("[*]");
      return (star < 0 ? [a] : entries(a.slice(0, star)).map((p) => p + a.slice(star + 3))).filter(shown).map(get);
    }),
  };
  for (const box of all) if (box.dataset.last) last[box.dataset.cell] = box.dataset.last === "none" ? NONE : given(number(box.dataset.last));
  const work = () => {
    for (let pass = 0, changed = true; changed && pass < 20; pass++) {
      changed = false;
      for (const box of root.querySelectorAll("[data-cell]")) {
        const a = box.dataset.cell, before = JSON.stringify(cells[a], (k, v) => (typeof v === "bigint" ? String(v) : v));
        const hide = !!box.dataset.relevant && run(box.dataset.relevant, box, env) !== true;
        if (hide !== !!box.dataset.hiddenCell) {
          box.dataset.hiddenCell = hide ? "1" : "";
          (box.tagName === "TD" ? box.firstElementChild : box).hidden = hide;
          changed = true;
        }
        let v = read(box);
        if (box.dataset.calc && !hide) {
          v = run(box.dataset.calc, box, env);
          if (v.s === 2 && typeof v.v !== "string") v = given(round(v.v, +box.dataset.decimals));
          const out = box.querySelector("output");
          if (out) out.textContent = v.s === 2 ? (typeof v.v === "string" ? v.v : show(v.v, +box.dataset.decimals, en)) : v.s ? root.dataset.none : "–";
        }
        if (v && v.s) cells[a] = v;
        else delete cells[a];
        changed ||= before !== JSON.stringify(cells[a], (k, x) => (typeof x === "bigint" ? String(x) : x));
      }
    }
    for (const t of root.querySelectorAll("[data-test]")) {
      const box = t.closest("[data-cell]");
      t.hidden = !!box.querySelector(".said") || !!box.dataset.hiddenCell || run(t.dataset.test, box, env) !== false;
    }
  };
  let wait = 0;
  root.addEventListener("input", (e) => {
    const box = e.target.closest("[data-cell]");
    if (box) for (const s of box.querySelectorAll(".said")) s.remove();
    if (e.target.name?.startsWith("v.") && e.target.value) {
      const none = root.querySelector(`[name="${CSS.escape("n." + e.target.name.slice(2))}"]`);
      if (none) none.checked = false;
    }
    clearTimeout(wait);
    wait = setTimeout(work, 150);
  });
  root.addEventListener("change", work);
  root.addEventListener("click", (e) => {
    const more = e.target.closest("[data-more]");
    if (more) another(more.closest("[data-repeat]"));
  });
  for (const b of root.querySelectorAll("[data-more]")) b.hidden = false;
  work();
}

// another copies the last entry of a repeat, emptied.
function another(list) {
  const all = list.querySelectorAll(".entry"), n = all.length, old = all[n - 1];
  if (n >= +list.dataset.max) return;
  const box = old.cloneNode(true), repeat = list.dataset.repeat;
  box.innerHTML = box.innerHTML.replaceAll(`${repeat}[${n}]`, `${repeat}[${n + 1}]`);
  const legend = box.querySelector("legend");
  legend.textContent = legend.textContent.replace(String(n), String(n + 1));
  for (const i of box.querySelectorAll("input,textarea,select")) {
    if (i.type === "checkbox" || i.type === "radio") i.checked = false;
    else i.value = "";
  }
  for (const s of box.querySelectorAll(".said")) s.remove();
  old.after(box);
  list.querySelector(`[name="e.${repeat}"]`).value = n + 1;
  box.querySelector("input,textarea,select")?.focus();
}
