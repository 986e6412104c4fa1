import assert from "node:assert/strict";
import { judge } from "./bars.ts";
import { compareGzip } from "./gzip.ts";
import type { Run } from "./runs.ts";

const RUN: Run = {
  ...{ way: "scan", version: "2.7.5", assets: 100_000, task: "nothing to do", computed: false },
  ...{
    wallSeconds: 9,
    requests: 170,
    writes: 0,
    buckets: 0,
    bytes: 25e6,
    cpuSeconds: 2,
    peakMegabytes: 140,
  },
  ...{ listed: 158_000, serverSeconds: 15, emulatorSeconds: 1, strategy: "scan" },
};
const SCRIPT: Run = { ...RUN, way: "script", wallSeconds: 240, strategy: null };
const RAW: Run = { ...RUN, way: "raw", wallSeconds: 8.5, strategy: null };
const DELTA: Run = {
  ...{ ...RUN, way: "delta", version: "3.2.0", strategy: "delta" },
  ...{ wallSeconds: 0.6, requests: 6, listed: null },
};
const FIRST: Run = { ...RUN, task: "first sync", wallSeconds: 8.5, writes: 60, requests: 230 };
const LOOK: Run = { ...RUN, task: "look through", listed: 97_500, requests: 104, cpuSeconds: 1.3 };
const MISSED: Run = { ...LOOK, way: "missed", wallSeconds: 11, listed: null, strategy: null };
const MILLION = { assets: 1_000_000, wallSeconds: 90, listed: 1_580_000, requests: 1700 };

/** Runs for which everything holds. */
const GOOD: Run[] = [
  ...[RUN, SCRIPT, RAW, DELTA],
  ...[{ ...RUN, version: "3.1.0" as const }, { ...SCRIPT, version: "3.1.0" as const }],
  ...[FIRST, { ...FIRST, version: "3.1.0" as const }],
  ...(["2.7.5", "3.1.0"] as const).flatMap((version) =>
    [RUN, FIRST].map((run) => ({ ...run, ...MILLION, version, cpuSeconds: 20 }))
  ),
  { ...SCRIPT, task: "first sync" },
  ...(["2.7.5", "3.1.0", "3.2.0"] as const).flatMap((version) =>
    [LOOK, MISSED].map((run) => ({ ...run, version }))
  ),
  { ...MISSED, assets: 1_000_000, wallSeconds: 100, peakMegabytes: 190 },
  { ...SCRIPT, assets: 1_000_000, wallSeconds: 20_000, computed: true },
  { ...DELTA, assets: 1_000_000, wallSeconds: 3.5 },
];

Deno.test("every row of the table has its bar, and all hold when all is well", () => {
  const { bars, notMeasured } = judge(GOOD);
  assert.deepEqual(notMeasured, []);
  assert.deepEqual(bars.filter(({ ok }) => !ok), []);
  const rows = [
    ...[/nothing to do against the first.*100,000.*2\.7/, /against the first.*1,000,000.*3\.1/],
    ...[/against the script's way, 100,000.*2\.7\.5/, /against the script's way, 100,000.*3\.1/],
    ...[/against the script's way, 1,000,000/, /raw limit/, /delta.*requests/, /delta.*time/],
    ...[/client CPU/, /peak RSS, 100,000/, /peak RSS, 1,000,000/, /requests of a scan/, /growth/],
    ...[/missed.*2\.7/, /missed.*3\.1/, /missed.*3\.2/, /peak RSS of missed/],
  ];
  for (const row of rows) assert(bars.some(({ name }) => row.test(name)), `${row}`);
});

const WORSE: [string, Run, RegExp][] = [
  [
    "a slow scan",
    { ...RUN, wallSeconds: 13, task: "first sync" },
    /script's way, 100,000.*2\.7\.5/,
  ],
  ["a scan far from the raw limit", { ...RUN, wallSeconds: 11 }, /raw limit/],
  ["nine requests", { ...DELTA, requests: 9 }, /delta.*requests/],
  ["a slow delta", { ...DELTA, wallSeconds: 1.3 }, /delta.*time.*100,000/],
  ["a busy client", { ...RUN, cpuSeconds: 2.4 }, /client CPU/],
  ["much memory", { ...RUN, peakMegabytes: 151 }, /peak RSS, 100,000/],
  ["much memory for differences", { ...DELTA, peakMegabytes: 151 }, /peak RSS, 100,000/],
  ["many requests", { ...RUN, requests: 195 }, /requests of a scan/],
  ["small pages", { ...RUN, assets: 10_000, listed: 15_800, requests: 38 }, /requests of a scan/],
  ["growth", { ...RUN, ...MILLION, wallSeconds: 100, cpuSeconds: 20 }, /growth/],
  ["a slow idle scan", { ...RUN, wallSeconds: 10.8 }, /first sync, 100,000 assets, 2\.7\.5/],
  ["a slow missed", { ...MISSED, version: "3.2.0", wallSeconds: 12 }, /missed.*3\.2/],
  ["much memory for missed", { ...MISSED, ...MILLION, peakMegabytes: 201 }, /RSS of missed/],
  ["a month asked for twice", { ...RUN, requests: 411, buckets: 217 }, /requests of a scan/],
];

for (const [what, run, name] of WORSE) {
  Deno.test(`the bar is missed by ${what}, though all other runs are good`, () => {
    const script = { ...SCRIPT, task: run.task, assets: run.assets, wallSeconds: 240 };
    const { bars } = judge([...GOOD, run, ...(run.task === "first sync" ? [script] : [])]);
    const missed = bars.filter(({ ok }) => !ok).map(({ name }) => name);
    assert(missed.some((found) => name.test(found)), `${missed}`);
  });
}

Deno.test("a delta that was a scan has no value and does not hold", () => {
  const { bars } = judge([...GOOD, { ...DELTA, strategy: "scan" }]);
  const bar = bars.find(({ name }) => /delta.*requests/.test(name));
  assert.deepEqual([bar?.value, bar?.ok], [null, false]);
});

Deno.test("writes are no requests of a scan", () => {
  const { bars } = judge([{ ...RUN, task: "first sync", requests: 220, writes: 50 }]);
  assert(bars.find(({ name }) => /requests of a scan/.test(name))?.ok);
});

Deno.test("the script's way counts as measured where it was, else as computed", () => {
  const computed = { ...SCRIPT, computed: true, wallSeconds: 90 };
  const ratio = (runs: Run[]) => judge(runs).bars.find(({ name }) => /2\.7\.5/.test(name))?.value;
  assert.equal(ratio([RUN, computed]), 10);
  assert.equal(ratio([RUN, computed, { ...SCRIPT, wallSeconds: 180 }]), 20);
});

Deno.test("a remark takes a run out of the judgement", () => {
  const { bars } = judge([...GOOD, { ...RUN, remark: "without gzip", wallSeconds: 100 }]);
  assert(bars.filter(({ name }) => /script's way|raw/.test(name)).every(({ ok }) => ok));
});

Deno.test("what nothing was run for is named and holds nobody up", () => {
  const { bars, notMeasured } = judge([RUN, SCRIPT]);
  assert(notMeasured.includes("peak RSS, 1,000,000 assets"));
  assert(!bars.some(({ name }) => /1,000,000/.test(name)));
});

Deno.test("gzip pays where the transfer saved is more than the processor time", () => {
  const plain = { ...RUN, bytes: 125e6, cpuSeconds: 1.5 };
  const { networks = [], conclusion = "" } = compareGzip({ ...RUN, cpuSeconds: 2.5 }, plain) ?? {};
  assert.deepEqual(networks.map(({ transferSecondsWithout }) => transferSecondsWithout), [10, 1]);
  assert.deepEqual(networks.map(({ savedSeconds }) => Math.round(savedSeconds * 10)), [70, -2]);
  assert.match(conclusion, /pays at 100 Mbit\/s \(7\.0 s saved\), costs 0\.2 s at 1 Gbit\/s/);
});
