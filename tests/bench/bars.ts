import { type ModelVersion, secondsOfIdleDelta, ServerCosts } from "./model/costs.ts";
import { MONTHS } from "./library.ts";
import type { Run, Task, Way } from "./runs.ts";

/** One figure that must hold. */
export interface Bar {
  readonly name: string;
  /** Null: it could not be told, because the program went another way than it should. */
  readonly value: number | null;
  readonly limit: number;
  readonly is: "at least" | "at most";
  readonly unit: string;
  readonly ok: boolean;
}

/** Figures that must hold; those for which nothing was run are named in `notMeasured`. */
export interface Bars {
  readonly bars: Bar[];
  readonly notMeasured: string[];
}

const HUNDRED_THOUSAND = 100_000;
const MILLION = 1_000_000;

/** Judges the runs. Where several runs count for a figure, the worst of them stands for it. */
export function judge(runs: readonly Run[]): Bars {
  const bars: Bar[] = [];
  const notMeasured: string[] = [];
  const add = (figure: Omit<Bar, "ok" | "value"> & { values: readonly (number | null)[] }) => {
    const { values, ...bar } = figure;
    if (values.length === 0) return void notMeasured.push(bar.name);
    const known = values.filter((value) => value !== null);
    const worst = bar.is === "at least" ? Math.min(...known) : Math.max(...known);
    const value = known.length < values.length ? null : worst;
    const ok = value !== null && (bar.is === "at least" ? value >= bar.limit : value <= bar.limit);
    bars.push({ ...bar, value, ok });
  };
  for (const version of ["2.7.5", "3.1.0"] as const) {
    for (const [assets, limit] of [[HUNDRED_THOUSAND, 1.25], [MILLION, 1.3]] as const) {
      add({
        name: `nothing to do against the first sync, ${inWords(assets)}, ${version}`,
        values: idleRatios(runs, version, assets),
        ...{ limit, is: "at most", unit: "times" },
      });
    }
  }
  for (const version of ["2.7.5", "3.1.0"] as const) {
    add({
      name: `scan against the script's way, 100,000 assets, ${version}`,
      values: scriptRatios(runs, version, HUNDRED_THOUSAND),
      ...{ limit: 20, is: "at least", unit: "times faster" },
    });
  }
  add({
    name: "scan against the script's way, 1,000,000 assets",
    values: scriptRatios(runs, "2.7.5", MILLION),
    ...{ limit: 100, is: "at least", unit: "times faster" },
  });
  add({
    name: "scan against the raw limit, same concurrency",
    values: rawRatios(runs),
    ...{ limit: 1.15, is: "at most", unit: "times" },
  });
  add({
    name: "delta, nothing to do: requests, any size",
    values: idleDeltas(runs).map((run) => ifDelta(run, run.requests)),
    ...{ limit: 8, is: "at most", unit: "requests" },
  });
  for (const assets of [HUNDRED_THOUSAND, MILLION]) {
    const own = secondsOfIdleDelta(new ServerCosts("3.2.0", assets));
    add({
      name: `delta, nothing to do: 1.15 times people and count's own time, ${inWords(assets)}`,
      values: idleDeltas(runs).filter((run) => run.assets === assets)
        .map((run) => ifDelta(run, run.wallSeconds)),
      ...{ limit: 1.15 * own, is: "at most", unit: "s" },
    });
  }
  const scans = runs.filter(({ way }) => way === "scan");
  add({
    // What else a run does (adding 58 ids for each 100 assets, planning that) is shown in its row.
    name: "client CPU of a scan with nothing to do, per 100,000 assets listed",
    values: scans.filter(({ assets, task }) =>
      assets >= HUNDRED_THOUSAND && task === "nothing to do"
    )
      .map(cpuPer100k),
    ...{ limit: 1.5, is: "at most", unit: "s" },
  });
  for (const [assets, limit] of [[HUNDRED_THOUSAND, 150], [MILLION, 200]] as const) {
    add({
      name: `peak RSS, ${inWords(assets)}`,
      values: runs.filter(({ way }) => way === "scan" || way === "delta")
        .filter((run) => run.assets === assets).map(({ peakMegabytes }) => peakMegabytes),
      ...{ limit, is: "at most", unit: "MB" },
    });
  }
  add({
    name: "requests of a scan above 1.1 per 1,000 assets read and one a month of the album",
    values: scans.map(requestsAbove),
    ...{ limit: 20, is: "at most", unit: "requests" },
  });
  add({
    name: "growth of a scan's wall time from 100,000 to 1,000,000 assets",
    values: growths(scans),
    ...{ limit: 11, is: "at most", unit: "times" },
  });
  for (const version of ["2.7.5", "3.1.0", "3.2.0"] as const) {
    add({
      name: `missed without pictures against a scan, 100,000 assets, ${version}`,
      values: missedRatios(runs, version),
      ...{ limit: 1.3, is: "at most", unit: "times" },
    });
  }
  add({
    name: `peak RSS of missed, ${inWords(MILLION)}`,
    values: runs.filter(({ way, assets }) => way === "missed" && assets === MILLION)
      .map(({ peakMegabytes }) => peakMegabytes),
    ...{ limit: 200, is: "at most", unit: "MB" },
  });
  return { bars, notMeasured };
}

/** The same task gone by the script's way, measured rather than computed where there is both. */
export function scriptRunOf(runs: readonly Run[], { version, assets, task }: Run): Run | undefined {
  return find(runs, { way: "script", version, assets, task })
    .sort((a, b) => Number(a.computed) - Number(b.computed))[0];
}

function scriptRatios(runs: readonly Run[], version: ModelVersion, assets: number): number[] {
  return find(runs, { way: "scan", version, assets }).flatMap((run) => {
    const script = scriptRunOf(runs, run);
    return script === undefined ? [] : script.wallSeconds / run.wallSeconds;
  });
}

function rawRatios(runs: readonly Run[]): number[] {
  return runs.filter(({ way }) => way === "raw").flatMap((raw) =>
    find(runs, { way: "scan", version: raw.version, assets: raw.assets, task: raw.task })
      .map((scan) => scan.wallSeconds / raw.wallSeconds)
  );
}

function idleDeltas(runs: readonly Run[]): Run[] {
  return find(runs, { way: "delta", task: "nothing to do" });
}

function ifDelta(run: Run, value: number): number | null {
  return run.strategy === "delta" ? value : null;
}

export function cpuPer100k({ cpuSeconds, listed }: Run): number | null {
  return cpuSeconds === null || listed === null ? null : cpuSeconds / listed * HUNDRED_THOUSAND;
}

/** Reading requests beyond 1.1 for each 1,000 assets in the listings, and one for each month. */
function requestsAbove({ requests, writes, buckets, listed }: Run): number | null {
  if (listed === null) return null;
  return requests - writes - Math.min(buckets, MONTHS) - 1.1 * listed / 1000;
}

function idleRatios(runs: readonly Run[], version: ModelVersion, assets: number): number[] {
  const [first] = find(runs, { way: "scan", version, assets, task: "first sync" });
  if (first === undefined) return [];
  return find(runs, { way: "scan", version, assets, task: "nothing to do" })
    .map(({ wallSeconds }) => wallSeconds / first.wallSeconds);
}

function missedRatios(runs: readonly Run[], version: ModelVersion): number[] {
  const library = { version, assets: HUNDRED_THOUSAND, task: "look through" } as const;
  const [scan] = find(runs, { way: "scan", ...library });
  if (scan === undefined) return [];
  return find(runs, { way: "missed", ...library })
    .map(({ wallSeconds }) => wallSeconds / scan.wallSeconds);
}

function growths(scans: readonly Run[]): number[] {
  return scans.filter(({ assets }) => assets === MILLION).flatMap((
    { version, task, wallSeconds },
  ) =>
    find(scans, { version, task, assets: HUNDRED_THOUSAND })
      .map((smaller) => wallSeconds / smaller.wallSeconds)
  );
}

/** Without those that have a remark: they are there to be looked at. */
function find(
  runs: readonly Run[],
  wanted: { way?: Way; version?: ModelVersion; assets?: number; task?: Task },
): Run[] {
  return runs.filter((run) =>
    run.remark === undefined &&
    (wanted.way === undefined || wanted.way === run.way) &&
    (wanted.version === undefined || wanted.version === run.version) &&
    (wanted.assets === undefined || wanted.assets === run.assets) &&
    (wanted.task === undefined || wanted.task === run.task)
  );
}

function inWords(assets: number): string {
  return `${assets.toLocaleString("en-US")} assets`;
}
