import assert from "node:assert/strict";
import { computeScript } from "./script_model.ts";
import { ServerCosts } from "./costs.ts";
import { allFits, deviationOf } from "./fit.ts";
import { SharedCores, speedUpAt } from "./shared_cores.ts";

for (const fit of allFits()) {
  const percent = fit.tolerance * 100;
  Deno.test(`the model is within ${percent} % of: ${fit.what}, ${fit.version}`, () => {
    assert(Math.abs(deviationOf(fit)) <= fit.tolerance, `${fit.measured} against ${fit.model}`);
    // Whoever is further away has to say why.
    assert(fit.tolerance <= 0.15 || fit.note !== undefined);
  });
}

Deno.test("clients that ask without a pause get the measured pages per second", () => {
  const measured = { "2.7.5": [4.1, 7.1, 8.1, 8.8], "3.1.0": [1.7, 3.0, 3.0, 3.2] } as const;
  for (const version of ["2.7.5", "3.1.0"] as const) {
    const { speedUps } = new ServerCosts(version, 100_000);
    for (const [index, atOnce] of [1, 2, 4, 8].entries()) {
      const expected = measured[version][index] ?? NaN;
      const found = pagesPerSecond(new SharedCores(speedUps, 0), atOnce, 1 / measured[version][0]);
      assert(Math.abs(found / expected - 1) < 0.02, `${version}, ${atOnce} at once: ${found}`);
    }
  }
});

/** So many clients, each with one request under way at any time, for 1,000 seconds. */
function pagesPerSecond(cores: SharedCores, clients: number, seconds: number): number {
  let pages = 0;
  let now = 0;
  const ask = () =>
    cores.add(seconds, now, () => {
      pages++;
      ask();
    });
  // They do not begin at the same moment.
  for (let client = 0; client < clients; client++) {
    now = client * 10;
    cores.advance(now);
    ask();
  }
  for (let end = cores.nextEnd(); end !== undefined && end < 1e6; end = cores.nextEnd()) {
    now = end;
    cores.advance(now);
  }
  return pages / (now / 1000);
}

Deno.test("a request alone takes its own time, from its arrival on", () => {
  const cores = new SharedCores([{ atOnce: 2, factor: 2 }], 1000);
  let isDone = false;
  cores.advance(1200);
  cores.add(0.5, 1100, () => isDone = true);
  assert.equal(cores.nextEnd(), 1600);
  cores.advance(1599);
  assert(!isDone);
  cores.advance(1700);
  assert(isDone);
});

Deno.test("requests at once share the cores, and a late look at the clock changes nothing", () => {
  const ends = (looks: number[]) => {
    const cores = new SharedCores([{ atOnce: 2, factor: 1.5 }], 0);
    const found: string[] = [];
    cores.add(0.3, 0, () => found.push("short"));
    cores.add(0.6, 0, () => found.push("long"));
    for (const look of looks) cores.advance(look);
    return [...found, cores.nextEnd()];
  };
  // Each gets 0.75 of a core: the short one ends at 400 ms, then 0.3 s are left of the long one.
  assert.deepEqual(ends([399]).map((end) => typeof end === "number" ? Math.round(end) : end), [
    400,
  ]);
  assert.deepEqual(ends([401, 650]).slice(0, 1), ["short"]);
  assert.equal(Math.round(Number(ends([650])[1])), 700);
  assert.deepEqual(ends([701]), ["short", "long", undefined]);
});

Deno.test("the speed-up between measured numbers at once is between theirs", () => {
  const { speedUps } = new ServerCosts("2.7.5", 100_000);
  assert.equal(speedUpAt(speedUps, 1), 1);
  assert.equal(speedUpAt(speedUps, 2), 7.1 / 4.1);
  assert(Math.abs(speedUpAt(speedUps, 3) - (7.1 + 8.1) / 2 / 4.1) < 1e-9);
  assert.equal(speedUpAt(speedUps, 100), 8.8 / 4.1);
});

Deno.test("more ids cost more to add, also beyond what was measured", () => {
  const costs = new ServerCosts("2.7.5", 100_000);
  const seconds = [0, 1, 1000, 5000, 10_000, 30_000, 50_000, 200_000].map((ids) =>
    costs.change(ids)
  );
  assert.deepEqual(seconds, seconds.toSorted((a, b) => a - b));
  assert.equal(new Set(seconds).size, seconds.length);
});

Deno.test("a structured search costs between a dense page and one that finds nothing", () => {
  const costs = new ServerCosts("3.2.0", 100_000);
  const kind = "noneOfPeople";
  const page = (looked: number) => costs.structuredPage({ rows: 500, skipped: 0, looked, kind });
  assert.equal(page(500), page(1000));
  assert(page(1000) < page(50_000) && page(50_000) < page(100_000));
});

Deno.test("the script's way is computed as a quarter hour for a quarter million assets on 2.7.5", () => {
  // By hand: 250,000 rows by 1,000 pages skip 124.9 million rows at 10.8 µs, and pages and rows.
  const library = { version: "2.7.5", size: 250_000 } as const;
  const state = { searched: 250_000, searchedFaceless: 150_000, faceless: 150_000 };
  const { wallSeconds, requests, computed } = computeScript(library, state, "nothing to do");
  const pages = 124_875_000 * 10.8e-6 + 1000 * 0.06 + 250_000 * 35e-6;
  const album = 0.01 + 150_000 * 72e-6 + 0.14 * (150_000 / 60_000) ** Math.log10(5);
  assert(Math.abs(wallSeconds - pages - album) < 0.001, `${wallSeconds}`);
  assert.equal(requests, 1000 + 1 + 1);
  assert(computed);
});
