import { computeScript } from "./model/script_model.ts";
import type { ModelVersion } from "./model/costs.ts";
import { type Run, runMissed, runProgram, runRaw, runScript, type Task, TASKS } from "./runs.ts";
import type { ServerOptions } from "./server/control.ts";
import { ServerProcess } from "./server/server_process.ts";

/** What is to be filled by running a plan. */
export interface Plan {
  readonly runs: Run[];
  gzip: { compressed: Run; plain: Run } | null;
  readonly log: (line: string) => void;
}

/** The program's own default. */
const CONCURRENCY = 2;
/** What an hourly run does is run so often, and the one of median time counts. */
const REPEATS = 3;
const MILLION = 1_000_000;

/** What keeps the full benchmark within a quarter of an hour. */
export const SHORT_CUTS =
  `"Nothing to do" is the median of ${REPEATS} runs, but for scans of 1,000,000 assets; all else is ` +
  "one run. The script's way runs beside the rest, and the three servers with 1,000,000 assets " +
  "beside each other, but for the deltas: they mostly wait for their pace.";

/** 100,000 assets and a few runs of 10,000, in about five minutes. */
export async function quick(plan: Plan): Promise<void> {
  await Promise.all([
    measureScripts(plan, "2.7.5", [[10_000, ["first sync"]]]),
    runQuickly(plan),
  ]);
}

async function runQuickly(plan: Plan): Promise<void> {
  await compare(plan, { version: "2.7.5", size: 10_000 }, { scan: ["nothing to do"], times: 1 });
  const once = { missed: true, times: 1 };
  await compare(plan, { version: "2.7.5", size: 100_000 }, { scan: TASKS, raw: true, ...once });
  await compare(plan, { version: "3.1.0", size: 100_000 }, { scan: TASKS, ...once });
  await compare(plan, { version: "3.2.0", size: 10_000 }, { delta: ["nothing to do"], times: 1 });
  await compare(plan, { version: "3.2.0", size: 100_000 }, { delta: TASKS, ...once });
}

/** Everything. The script's way takes most of the time, and goes on beside the rest: it mostly waits. */
export async function full(plan: Plan): Promise<void> {
  const libraries = [[10_000, TASKS], [100_000, ["first sync"]]] as const;
  await Promise.all([
    measureScripts(plan, "2.7.5", libraries),
    measureScripts(plan, "3.1.0", libraries),
    runAll(plan),
  ]);
}

async function runAll(plan: Plan): Promise<void> {
  for (const version of ["2.7.5", "3.1.0"] as const) {
    await compare(plan, { version, size: 10_000 }, { scan: TASKS });
    await compare(plan, { version, size: 100_000 }, { scan: TASKS, raw: true, missed: true });
  }
  await compareCompression(plan);
  await compare(plan, { version: "3.2.0", size: 10_000 }, { delta: TASKS });
  const library = { version: "3.2.0", size: 100_000 } as const;
  await compare(plan, library, { delta: TASKS, scan: TASKS, missed: true });
  await withStrangers(plan);
  const once = { missed: true, times: 1 };
  await Promise.all([
    compare(plan, { version: "2.7.5", size: MILLION }, { scan: TASKS, raw: true, ...once }),
    compare(plan, { version: "3.1.0", size: MILLION }, { scan: TASKS, ...once }),
    compare(plan, { version: "3.2.0", size: MILLION }, once),
  ]);
  // Last, when nothing runs beside it any more: it is judged by tenths of a second.
  await compare(plan, { version: "3.2.0", size: MILLION }, { delta: TASKS });
}

type Library = Pick<ServerOptions, "version" | "size">;

async function serve(library: Library, more: Partial<ServerOptions> = {}): Promise<ServerProcess> {
  return await ServerProcess.start({ ...library, loneStrangers: false, gzip: true, ...more });
}

/** What is run on a library, which takes half a minute to make at 1,000,000 assets. */
interface Ways {
  readonly scan?: readonly Task[];
  readonly delta?: readonly Task[];
  readonly raw?: boolean;
  readonly missed?: boolean;
  /** How often a scan finds nothing to do; a delta does it in a second or two. */
  readonly times?: number;
}

/** Runs of the program on one library, with the script's way computed for each of them. */
async function compare(plan: Plan, library: Library, ways: Ways): Promise<void> {
  await using server = await serve(library);
  const state = await server.state();
  for (const way of ["scan", "delta"] as const) {
    for (const task of ways[way] ?? []) {
      const times = way === "delta" ? REPEATS : ways.times ?? REPEATS;
      const measured = await median(
        task === "nothing to do" ? times : 1,
        () => runProgram(server, way, task, { concurrency: CONCURRENCY }),
      );
      note(plan, measured.run);
      // The flat search of 3.2 costs what it does on 3.1.
      const version = library.version === "3.2.0" ? "3.1.0" : library.version;
      const script = computeScript({ ...library, version }, state, task);
      if (!plan.runs.some((other) => isSame(other, script))) note(plan, script);
      if (ways.raw === true && task === "nothing to do") {
        note(plan, await runRaw(server, measured, CONCURRENCY));
      }
    }
  }
  if (ways.missed === true) await lookThrough(plan, server);
}

function isSame(a: Run, b: Run): boolean {
  return a.computed === b.computed && a.way === b.way && a.version === b.version &&
    a.assets === b.assets && a.task === b.task;
}

/** The script's way, measured, smallest library first. */
async function measureScripts(
  plan: Plan,
  version: ModelVersion,
  libraries: readonly (readonly [number, readonly Task[]])[],
): Promise<void> {
  for (const [size, tasks] of libraries) {
    await using server = await serve({ version, size });
    for (const task of tasks) note(plan, await runScript(server, task));
  }
}

async function compareCompression(plan: Plan): Promise<void> {
  const library = { version: "2.7.5", size: 100_000 } as const;
  const run = async (gzip: boolean) => {
    await using server = await serve(library, { gzip });
    const remark = gzip ? "with gzip" : "without gzip";
    const options = { concurrency: CONCURRENCY, remark };
    return (await runProgram(server, "scan", "nothing to do", options)).run;
  };
  plan.gzip = { compressed: await run(true), plain: await run(false) };
  note(plan, plan.gzip.compressed);
  note(plan, plan.gzip.plain);
}

/** `missed` beside a scan of the same library, and what its pictures cost. */
async function lookThrough(plan: Plan, server: ServerProcess): Promise<void> {
  const options = { concurrency: CONCURRENCY };
  note(plan, (await runProgram(server, "scan", "look through", options)).run);
  for (const pictures of [false, true]) {
    note(plan, await runMissed(server, { ...options, pictures }));
  }
}

/** Assets that show only somebody whom the server does not list: found anew each time, never added. */
async function withStrangers(plan: Plan): Promise<void> {
  await using server = await serve({ version: "3.2.0", size: 100_000 }, { loneStrangers: true });
  const options = { concurrency: CONCURRENCY, remark: "5 assets of unlisted people" };
  note(plan, (await runProgram(server, "delta", "nothing to do", options)).run);
}

function note(plan: Plan, run: Run): void {
  plan.runs.push(run);
  const { way, version, assets, task, computed, wallSeconds, strategy, remark } = run;
  const what = [
    ...[way, version, `${assets.toLocaleString("en-US")} assets`, task],
    ...(remark === undefined ? [] : [remark]),
    ...(strategy === null || strategy === way ? [] : [`the program chose ${strategy}`]),
    ...(run.comment === undefined ? [] : [run.comment]),
    ...(computed ? ["computed"] : []),
  ];
  plan.log(`${wallSeconds.toFixed(2).padStart(9)} s  ${what.join(", ")}`);
}

async function median<T extends { run: Run }>(times: number, make: () => Promise<T>): Promise<T> {
  const results: T[] = [];
  for (let time = 0; time < times; time++) results.push(await make());
  const sorted = results.sort((a, b) => a.run.wallSeconds - b.run.wallSeconds);
  const middle = sorted[Math.floor(times / 2)];
  if (middle === undefined) throw new RangeError("nothing was run");
  return middle;
}
