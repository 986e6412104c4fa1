// deno-lint-ignore-file no-console -- it talks to a person
/**
 * Size and start of the executable that PROGRAM_UNDER_TEST names, beside an empty program compiled
 * in the same way. All are started in turn, so that a busy machine slows all of them; ends with
 * exit code 1 when a bar is missed.
 *
 * A sync has started when its first request arrives at the server; what follows is the server's
 * and the network's time.
 */
import { type Emulator, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { createSmallLibrary } from "../support/small_library.ts";
import { temporaryFolder } from "../support/script.ts";
import { compileLikeProgram, PROGRAM, runAlone } from "../support/compiled.ts";

const ROUNDS = 31;
const MAX_SIZE_OVER_EMPTY = 1_000_000;
const MAX_START_OVER_EMPTY = 1.5;

/** Milliseconds from the start of the process to its end, or to its first request. */
async function measure(command: readonly string[], cwd: string): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await runAlone(command, { cwd });
  const ended = performance.now();
  if (code !== 0) throw new Error(`${command.join(" ")} ended with exit code ${code}: ${stderr}`);
  return ended - started;
}

async function measureFirstRequest(
  command: readonly string[],
  cwd: string,
  emulator: Emulator,
): Promise<{ start: number; whole: number }> {
  let arrived: number | undefined;
  emulator.faults.add({
    match: { path: /version/ },
    times: 1,
    fault: { kind: "before", run: () => void (arrived ??= performance.now()) },
  });
  const started = performance.now();
  const whole = await measure(command, cwd);
  if (arrived === undefined) throw new Error("The program sent no request");
  return { start: arrived - started, whole };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function bench(program: string): Promise<boolean> {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, key);
  using folder = temporaryFolder();
  const empty = `${folder.path}/empty`;
  await compileLikeProgram("export {};", empty);

  const series: Record<"empty" | "version" | "sync" | "whole", number[]> = {
    empty: [],
    version: [],
    sync: [],
    whole: [],
  };
  await measure([program], home.folder); // fills the album; the others change nothing
  for (let round = 0; round < ROUNDS; round++) {
    series.empty.push(await measure([empty], home.folder));
    series.version.push(await measure([program, "--version"], home.folder));
    const { start, whole } = await measureFirstRequest([program], home.folder, emulator);
    series.sync.push(start);
    series.whole.push(whole);
  }

  const size = Deno.statSync(program).size - Deno.statSync(empty).size;
  // Each by the empty program that was started right before: a machine changes its speed.
  const ratio = (values: readonly number[]) =>
    median(values.map((value, round) => value / (series.empty[round] ?? NaN)));
  const row = (name: string, values: readonly number[]) =>
    console.log(
      `${name.padEnd(38)} ${median(values).toFixed(1).padStart(7)} ms ` +
        `${ratio(values).toFixed(2).padStart(6)} times the empty program`,
    );
  console.log(`median of ${ROUNDS} starts, in turn`);
  row("the empty program", series.empty);
  row("--version", series.version);
  row("no-change sync, to its first request", series.sync);
  row("no-change sync, to its end", series.whole);
  console.log(`size: ${(size / 1e6).toFixed(2)} MB over the empty program`);
  return size <= MAX_SIZE_OVER_EMPTY && ratio(series.version) <= MAX_START_OVER_EMPTY &&
    ratio(series.sync) <= MAX_START_OVER_EMPTY;
}

if (PROGRAM === undefined) {
  console.error(
    "PROGRAM_UNDER_TEST names no program: set it to a file that `deno task compile` made",
  );
  Deno.exit(1);
}
Deno.exit(await bench(PROGRAM) ? 0 : 1);
