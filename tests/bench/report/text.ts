import { type Bar, type Bars, cpuPer100k, scriptRunOf } from "../bars.ts";
import type { GzipVerdict } from "../gzip.ts";
import { deviationOf, type Fit } from "../model/fit.ts";
import { SHORT_CUTS } from "../plans.ts";
import type { Run } from "../runs.ts";
import type { Machine } from "./machine.ts";

/** Everything that the benchmark found out: the document of `--json`. */
export interface Report extends Bars {
  readonly machine: Machine;
  readonly versions: Record<string, string>;
  readonly mode: "full" | "quick";
  readonly results: readonly Run[];
  readonly ratios: readonly Ratio[];
  readonly gzip: GzipVerdict | null;
  readonly fits: readonly (Fit & { deviation: number })[];
  readonly bars: Bar[];
  readonly seconds: number;
}

/** How many times faster than the script's way a run of the program was. */
export interface Ratio {
  readonly way: string;
  readonly version: string;
  readonly assets: number;
  readonly task: string;
  readonly timesFaster: number;
  /** Whether the script's way was measured, or computed from the model. */
  readonly against: "measured" | "computed";
}

export function ratiosOf(runs: readonly Run[]): Ratio[] {
  return runs.flatMap((run) => {
    if (run.way !== "scan" && run.way !== "delta") return [];
    // No script was run on 3.2: the flat search there costs what it does on 3.1.
    const version = run.version === "3.2.0" ? "3.1.0" : run.version;
    const script = scriptRunOf(runs, { ...run, version });
    if (script === undefined) return [];
    return {
      ...{ way: run.way, version: run.version, assets: run.assets, task: run.task },
      timesFaster: script.wallSeconds / run.wallSeconds,
      against: script.computed ? "computed" as const : "measured" as const,
    };
  });
}

/** The report for a person. */
export function textOf(report: Report): string {
  const { machine, versions, results, bars, notMeasured, gzip, fits, seconds } = report;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  return [
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.system}`,
    named,
    "",
    "The cost model against what was measured on real servers",
    table(
      ["server", "what", "measured", "model", "off"],
      fits.map(fitRow),
    ),
    ...fits.flatMap(({ what, version, note }) =>
      note === undefined ? [] : [`* ${what}, ${version}: ${note}`]
    ),
    "",
    "Runs (~: computed from the model; server: what it would need, one request after the other)",
    table(
      [
        ..."way server assets task wall requests wire CPU CPU/100k peak".split(" "),
        ..."server emulator remark".split(" "),
      ],
      results.map(runRow),
    ),
    "",
    "Against the script's way",
    table(
      "way server assets task faster against".split(" "),
      ratiosOf(results).map(({ way, version, assets, task, timesFaster, against }) => [
        ...[way, version, grouped(assets), task],
        ...[`${timesFaster.toFixed(1)} times`, against],
      ]),
    ),
    ...(gzip === null ? [] : ["", ...gzipLines(gzip)]),
    ...(report.mode === "full" ? ["", SHORT_CUTS] : []),
    "",
    "What must hold",
    table(["", "figure", "value", "limit"], bars.map(barRow)),
    ...notMeasured.map((name) => `not measured in this mode: ${name}`),
    "",
    `${bars.filter(({ ok }) => ok).length} of ${bars.length} hold; ${seconds.toFixed(0)} s.`,
  ].join("\n");
}

function fitRow(fit: Fit): string[] {
  const { version, what, measured, model, unit, note } = fit;
  const percent = Math.round(deviationOf(fit) * 100);
  return [
    version,
    note === undefined ? what : `${what} *`,
    `${measured.join("–")} ${unit}`,
    `${model >= 1000 ? model.toFixed(0) : model.toPrecision(3)} ${unit}`,
    `${percent === 0 ? 0 : percent} %`,
  ];
}

function runRow(run: Run): string[] {
  const { way, version, assets, task, computed, strategy, remark, comment } = run;
  const remarks = [
    ...(strategy !== null && strategy !== way ? [`the program chose ${strategy}`] : []),
    ...[remark, comment].filter((text) => text !== undefined),
  ];
  return [
    ...[way, version, grouped(assets), task],
    `${computed ? "~" : ""}${seconds(run.wallSeconds)}`,
    grouped(run.requests),
    run.bytes === null ? "" : `${(run.bytes / 1e6).toFixed(1)} MB`,
    seconds(run.cpuSeconds),
    seconds(cpuPer100k(run)),
    run.peakMegabytes === null ? "" : `${run.peakMegabytes.toFixed(0)} MB`,
    seconds(run.serverSeconds),
    seconds(run.emulatorSeconds),
    remarks.join("; "),
  ];
}

function barRow({ name, value, limit, is, unit, ok }: Bar): string[] {
  return [
    ok ? "ok" : "MISSED",
    name,
    value === null ? "not told: the program did not go this way" : `${figure(value)} ${unit}`,
    `${is} ${figure(limit)}`,
  ];
}

function gzipLines(gzip: GzipVerdict): string[] {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `Compression: ${megabytes(gzip.bytes)} instead of ${
      megabytes(gzip.bytesWithout)
    }, client CPU ` +
    `${seconds(gzip.cpuSeconds)} instead of ${seconds(gzip.cpuSecondsWithout)}`,
    ...gzip.networks.map(({ network, transferSeconds, transferSecondsWithout }) =>
      `  transfer at ${network}: ${seconds(transferSeconds)} instead of ${
        seconds(transferSecondsWithout)
      }`
    ),
    `  ${gzip.conclusion}`,
  ];
}

function seconds(value: number | null): string {
  return value === null ? "" : `${value.toFixed(2)} s`;
}

function figure(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(head: readonly string[], rows: readonly string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return /^~?[-–\d.,]+( (s|MB|%|pages\/s))?$/.test(cell)
        ? cell.padStart(width)
        : cell.padEnd(width);
    }).join("  ").trimEnd()
  ).join("\n");
}
