/**
 * `deno task bench [--quick] [--json]`: the program against the Python script's way, on the emulator
 * with the pace of real servers. Exits with 1 when a bar is missed.
 */
import { parseArgs } from "node:util";
import { judge } from "./bars.ts";
import { compareGzip } from "./gzip.ts";
import { allFits, deviationOf } from "./model/fit.ts";
import { full, type Plan, quick } from "./plans.ts";
import { describeMachine, describeVersions } from "./report/machine.ts";
import { type Run, TASKS } from "./runs.ts";
import { ratiosOf, type Report, textOf } from "./report/text.ts";

async function bench(mode: "full" | "quick"): Promise<Report> {
  const started = performance.now();
  const machine = describeMachine();
  const plan: Plan = { runs: [], gzip: null, log };
  await (mode === "quick" ? quick : full)(plan);
  const { gzip } = plan;
  const runs = inOrder(plan.runs);
  return {
    machine,
    versions: describeVersions(),
    mode,
    results: runs,
    ratios: ratiosOf(runs),
    gzip: gzip === null ? null : compareGzip(gzip.compressed, gzip.plain) ?? null,
    fits: allFits().map((fit) => ({ ...fit, deviation: deviationOf(fit) })),
    ...judge(runs),
    seconds: (performance.now() - started) / 1000,
  };
}

/** By library, then by way and task, what was measured before what was computed. */
function inOrder(runs: readonly Run[]): Run[] {
  const ways = ["script", "raw", "scan", "delta", "missed"];
  const keysOf = (run: Run) => [
    run.assets,
    run.version === "2.7.5" ? 0 : run.version === "3.1.0" ? 1 : 2,
    ways.indexOf(run.way),
    Number(run.remark !== undefined),
    TASKS.indexOf(run.task),
    Number(run.computed),
  ];
  return runs.toSorted((a, b) => {
    const others = keysOf(b);
    return keysOf(a).map((key, place) => key - (others[place] ?? 0)).find((by) => by !== 0) ?? 0;
  });
}

/** Progress goes to stderr, so that stdout has the report only. */
function log(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`));
}

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, json: { type: "boolean" } },
});
const report = await bench(values.quick === true ? "quick" : "full");
const text = values.json === true ? JSON.stringify(report, null, 2) : textOf(report);
await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
Deno.exit(report.bars.every(({ ok }) => ok) ? 0 : 1);
