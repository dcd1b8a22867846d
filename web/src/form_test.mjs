// Runs the shared vectors of formdef through the browser's evaluator: node form_test.mjs vectors.json. The Go test calls it.
import { readFileSync, writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

// form.js is a module without a package.json that says so.
const copy = join(mkdtempSync(join(tmpdir(), "form-")), "form.mjs");
writeFileSync(copy, readFileSync(fileURLToPath(new URL("form.js", import.meta.url))));
const { compile, values, show, number } = await import(pathToFileURL(copy));

const gcd = (a, b) => (b ? gcd(b, a % b) : a);
function worth(x) {
  if (x === null) return "unknown";
  if (typeof x === "boolean") return String(x);
  if (x.s === 0) return "missing";
  if (x.s === 1) return "none";
  if (typeof x.v === "string") return "'" + x.v + "'";
  let [n, d] = x.v;
  const g = gcd(n < 0n ? -n : n, d);
  n /= g;
  d /= g;
  return d === 1n ? String(n) : n + "/" + d;
}

let failed = 0; // the first twenty are shown
const vectors = JSON.parse(readFileSync(process.argv[2], "utf8"), (k, v, c) => (typeof v === "number" ? c?.source ?? String(v) : v));
for (const v of vectors) {
  let got;
  try {
    got = worth(compile(v.live)(values(v.values, v.last, v.today)));
  } catch (err) {
    got = String(err);
  }
  if (got !== v.want) {
    if (failed < 20) console.log(`${v.live} on ${JSON.stringify(v.values)}: ${got}, want ${v.want}`);
    failed++;
  }
}
for (const [s, d, en, want] of [["1234567.25", 2, false, "1.234.567,25"], ["1234567.5", 0, true, "1,234,568"], ["-0.5", 0, false, "-1"], ["58.30", 2, false, "58,3"], ["7", 3, false, "7"]]) {
  const got = show(number(s), d, en);
  if (got !== want) {
    console.log(`show ${s}: ${got}, want ${want}`);
    failed++;
  }
}
console.log(`${vectors.length} formulas, ${failed} wrong`);
process.exit(failed ? 1 : 0);
