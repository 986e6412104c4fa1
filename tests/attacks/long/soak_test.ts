import assert from "node:assert/strict";
import { seededRandom } from "../../emulator/ids.ts";
import { type Emulator, startEmulator, VERSIONS } from "../../emulator/mod.ts";
import { createHome, type Home } from "../../support/home.ts";
import { runForSummary } from "../../support/program.ts";
import { BusyLibrary } from "./busy_library.ts";
import { loosen } from "./chaos.ts";
import { assertLogsValid, assertTidy, type LogBounds } from "./files.ts";
import { measure, settle } from "./measure.ts";
import { print } from "./print.ts";
import { idsOf, watch, type Witness } from "./witness.ts";

const ROUNDS = 10;
const RUNS_PER_ROUND = 17;
const FAULT_RATE = 0.05;
/** As documented, of those that can come up here: done, failed, partly done, busy. */
const EXIT_CODES = [0, 1, 3, 5];

/** One server and one home; three of them live side by side in this process. */
interface Lane {
  readonly version: string;
  readonly library: BusyLibrary;
  readonly emulator: Emulator;
  readonly home: Home;
  readonly log: LogBounds;
  /** How often each kind of fault has struck. */
  readonly struck: ReadonlyMap<string, number>;
  readonly witness: Witness;
  readonly random: () => number;
  /** Calm: no faults and no changes. */
  readonly weather: { calm: boolean };
}

const totals = { runs: 0, requests: 0, deltas: 0 };
const codes = new Map<number, number>();

Deno.test("500 runs against servers that fail and libraries that change lose nothing and leak nothing", async () => {
  await using stack = new AsyncDisposableStack();
  const lanes: Lane[] = [];
  for (const [index, version] of VERSIONS.entries()) {
    lanes.push(await openLane(stack, version, index + 1));
  }
  const measures = [];
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(lanes.map(runRound));
    await settle();
    measures.push(measure());
  }
  const strikes = lanes.flatMap(({ struck }) => [...struck.values()]);
  const faults = strikes.reduce((sum, times) => sum + times, 0);
  const kinds = new Set(lanes.flatMap(({ struck }) => [...struck.keys()])).size;
  const changes = lanes.reduce((sum, { library }) => sum + library.changes, 0);
  const added = lanes.reduce((sum, { witness }) => sum + witness.added, 0);
  const removed = lanes.reduce((sum, { witness }) => sum + witness.removed, 0);
  const [, first] = measures;
  const last = measures.at(-1);
  assert.ok(first !== undefined && last !== undefined);
  await print(
    `soak: ${totals.runs} runs (${totals.deltas} by differences), ${totals.requests} requests, ${faults} faults of ${kinds} kinds ` +
      `injected, ${changes} changes of the libraries; ${added} assets added and ${removed} ` +
      `removed, 0 without evidence; exit codes ${codesAsText()}; open files ` +
      `${first.files} → ${last.files}, sockets ${first.sockets} → ${last.sockets}, heap ` +
      `${first.heapMb} → ${last.heapMb} MB`,
  );
  assert.ok(totals.runs >= 500);
  assert.ok(totals.deltas > totals.runs / 10);
  for (const code of EXIT_CODES) assert.ok(codes.has(code), `no run ended with ${code}`);
  assert.ok(faults > totals.requests * FAULT_RATE * 0.7, `${faults} faults`);
  assert.ok(last.files <= first.files + 3, `open files: ${JSON.stringify(measures)}`);
  assert.ok(last.sockets <= first.sockets, `open sockets: ${JSON.stringify(measures)}`);
  assert.ok(last.heapMb <= first.heapMb + 20, `memory: ${JSON.stringify(measures)}`);
});

async function openLane(
  stack: AsyncDisposableStack,
  version: string,
  seed: number,
): Promise<Lane> {
  const random = seededRandom(seed);
  const library = new BusyLibrary(seed, random, version === "3.2.0");
  const emulator = stack.use(await startEmulator({ version, world: library.world }));
  const format = seed === 3 ? "json" : "text";
  const log: LogBounds = { format, maxSize: 10_240, backups: 2, overshoot: 500 };
  const home = stack.use(createHome(emulator, library.key, {
    IMMICH_TIMEOUT: "1s",
    MAX_REMOVE_PERCENT: "100",
    MAX_ADD_PERCENT: "100000",
    LOG_LEVEL: seed === 2 ? "debug" : "info",
    LOG_FORMAT: log.format,
    LOG_MAX_SIZE: "10240",
    LOG_BACKUPS: "2",
  }));
  const weather = { calm: false };
  const isWild = () => !weather.calm;
  const struck = loosen(emulator, random, FAULT_RATE, isWild);
  const where = () => isWild() && random() < 0.3;
  const fault = { kind: "before", run: () => library.change() } as const;
  emulator.faults.add({ match: { where }, fault });
  emulator.faults.add({
    match: { path: /\/assets$/, where: () => isWild() && random() < 0.3 },
    fault: { kind: "before", run: (_, { body }) => library.overtake(idsOf(body)) },
  });
  // Besides, for it happens too seldom: a creation whose answer is lost.
  emulator.faults.add({
    match: { method: "POST", path: /\/albums$/, where: () => isWild() && random() < 0.4 },
    handled: true,
    fault: { kind: "reset" },
  });
  const witness = watch(emulator, library);
  return { version, library, emulator, home, log, struck, witness, random, weather };
}

/** Some wild runs, of which one comes as two at once, and a calm one, after which all is right. */
async function runRound(lane: Lane): Promise<void> {
  const { library, home, weather } = lane;
  for (let i = 0; i < RUNS_PER_ROUND - 3; i++) {
    for (let n = Math.floor(lane.random() * 6); n > 0; n--) library.change();
    await runOnce(lane);
    assertFiles(lane);
    library.mendServer();
  }
  await Promise.all([runOnce(lane), runOnce(lane)]);
  assertFiles(lane);
  library.mendServer();
  weather.calm = true;
  const foreign = library.foreignMembers();
  assert.equal(await runOnce(lane), 0, home.readLog().slice(-2000));
  assert.equal(library.wrongAfterCalm(), undefined);
  assert.deepEqual(library.foreignMembers(), foreign);
  weather.calm = false;
}

async function runOnce(lane: Lane): Promise<number> {
  const { home, emulator, witness, version } = lane;
  witness.forget();
  emulator.clearRequests();
  const { code, summary, stderr } = await runForSummary({ cwd: home.folder });
  totals.runs++;
  totals.requests += summary.requests;
  if (summary.strategy === "delta") totals.deltas++;
  codes.set(code, (codes.get(code) ?? 0) + 1);
  assert.ok(EXIT_CODES.includes(code), `exit ${code} on ${version}: ${stderr}`);
  assert.doesNotMatch(stderr, /^\s+at |[Uu]nexpected/m);
  assert.equal(summary.error !== null, code === 1);
  assert.equal(summary.failed.length > 0, code === 3);
  assert.deepEqual(witness.problems, []);
  return code;
}

/** Only between runs: one under way may rotate the logs while they are read. */
function assertFiles({ home, log }: Lane): void {
  assertTidy(home, log);
  assertLogsValid(home, log);
}

function codesAsText(): string {
  return [...codes].sort(([a], [b]) => a - b).map(([code, times]) => `${code}: ${times}`)
    .join(", ");
}
