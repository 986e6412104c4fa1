import assert from "node:assert/strict";
import { createWorld, type Emulator, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { PROGRAM } from "../support/compiled.ts";
import { screenAfter } from "../support/screen.ts";
import { onTerminal, testOnTerminal } from "../support/terminal.ts";
import { createHome, type Home } from "../support/home.ts";
import { type Outcome, outcomeOf, type ProgramOptions, startProgram } from "../support/program.ts";

const PATH = { PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin" };
const LOG_LINE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:INFO|WARN|ERROR) {1,3}\S/;
const ASSETS = 2500;

/** A library of three pages, or fewer, each of which takes its time. */
interface Place extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly home: Home;
  readonly start: (options?: ProgramOptions) => Deno.ChildProcess;
}

async function createPlace(assets = ASSETS): Promise<Place> {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  for (let i = 0; i < assets; i++) world.addAsset({ owner: alice });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  const emulator = await startEmulator({ version: "3.1.0", world });
  emulator.faults.add({
    match: { method: "POST", path: /search/ },
    fault: { kind: "delay", ms: 600 },
  });
  const home = createHome(emulator, key, {
    IMMICH_RETRIES: "0",
    ALLOW_NO_PEOPLE: "true",
  });
  return {
    emulator,
    home,
    start: (options) =>
      startProgram({ cwd: home.folder, env: PATH, launcher: onTerminal(), ...options }),
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      home[Symbol.dispose]();
    },
  };
}

/** The texts that were drawn over each other, each with the spaces it was filled up with. */
function framesOf({ stdout }: Outcome): string[] {
  return stdout.replaceAll("\r\n", "\n").split(/[\r\n\b]+/)
    .filter((text) => /^(?:Asking|Reading|Adding|Removing)/.test(text));
}

function assertOnlyLog(outcome: Outcome): string[] {
  const lines = screenAfter(outcome.stdout);
  for (const line of lines) assert.match(line, LOG_LINE);
  return lines;
}

testOnTerminal(
  "on a terminal one line shows what is done and how much is left, and is gone in the end",
  async () => {
    await using place = await createPlace();
    const outcome = await outcomeOf(place.start());
    assert.equal(outcome.code, 0, outcome.stdout);
    const frames = framesOf(outcome);
    assert.match(
      frames.join("\n"),
      /^Reading the library: \d,\d{3} of 2,500 assets \(\d\d %\), [\d,]+ a second, \d+ s left *$/m,
    );
    assert.match(assertOnlyLog(outcome).at(-1) ?? "", /Done in .* added 2500, removed 0\.$/);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(outcome.stdout, /\x1b\[[\d;]*m/, "no colours");
  },
);

testOnTerminal(
  "the line is cut to the width of the terminal, with room for the ^C of a Ctrl-C",
  async () => {
    await using place = await createPlace();
    const outcome = await outcomeOf(place.start({ launcher: onTerminal(30) }));
    const frames = framesOf(outcome);
    assert.ok(
      frames.some((frame) => frame.startsWith("Reading the library: 1,000")),
      frames.join(),
    );
    for (const frame of frames) assert.ok(frame.trimEnd().length <= 27, frame);
    assertOnlyLog(outcome);
  },
);

testOnTerminal("Ctrl-C leaves nothing behind but the log, not even its own ^C", async () => {
  await using place = await createPlace();
  const process = place.start();
  let searches = 0;
  place.emulator.faults.add({
    match: { method: "POST", path: /search/ },
    // By then the line has been drawn.
    fault: { kind: "before", run: () => void (++searches === 2 && process.kill("SIGINT")) },
  });
  const outcome = await outcomeOf(process);
  assert.equal(outcome.code, 130, outcome.stdout);
  assert.ok(outcome.stdout.includes("^C"), "the terminal has written it");
  assert.ok(framesOf(outcome).length > 0);
  const lines = assertOnlyLog(outcome);
  assert.ok(lines.some((line) => line.includes("SIGINT received")));
  assert.ok(!lines.some((line) => line.includes("^C")));
});

testOnTerminal("a failure leaves nothing behind but the log", async () => {
  await using place = await createPlace();
  place.emulator.faults.add({
    match: { method: "POST", path: /search/, from: 2 },
    fault: { kind: "status", status: 500 },
  });
  const outcome = await outcomeOf(place.start());
  assert.equal(outcome.code, 1, outcome.stdout);
  assert.ok(framesOf(outcome).length > 0);
  assert.match(assertOnlyLog(outcome).at(-1) ?? "", / ERROR /);
});

/** Once the program has asked for the terminal, rejects a promise that nobody has an eye on. */
const BOOM = "data:text/javascript," + encodeURIComponent(`
  Deno.stderr.isTerminal = () => {
    setTimeout(() => Promise.reject(new Error("boom")), 900);
    return true;
  };
`);

if (PROGRAM === undefined) {
  testOnTerminal("not even a defect leaves anything behind but its message", async () => {
    await using place = await createPlace();
    const outcome = await outcomeOf(place.start({ preload: BOOM }));
    assert.equal(outcome.code, 1, outcome.stdout);
    assert.ok(framesOf(outcome).length > 0, outcome.stdout);
    const lines = screenAfter(outcome.stdout);
    assert.ok(lines.some((line) => line.startsWith("immich-faceless-sync failed unexpectedly;")));
    assert.ok(!lines.some((line) => /Asking|Reading|assets|left/.test(line)), lines.join("\n"));
  });
}

testOnTerminal("there is no progress with --json, nor at level debug", async () => {
  await using place = await createPlace(10);
  for (const args of [["--json"], ["--log-level", "debug"]]) {
    const outcome = await outcomeOf(place.start({ args: [...args, "--dry-run"] }));
    assert.equal(outcome.code, 0, outcome.stdout);
    assert.deepEqual(framesOf(outcome), []);
  }
});

testOnTerminal("progress goes to the terminal when standard output is redirected", async () => {
  await using place = await createPlace();
  const launcher = [...onTerminal(), "sh", "-c", `exec "$@" >out.txt`, "sh"];
  const outcome = await outcomeOf(place.start({ launcher }));
  assert.equal(outcome.code, 0);
  assert.ok(framesOf(outcome).length > 0);
  assert.deepEqual(screenAfter(outcome.stdout), []);
  assert.doesNotMatch(Deno.readTextFileSync(`${place.home.folder}/out.txt`), /\r/);
});

Deno.test("without a terminal there is no trace of progress", async () => {
  await using place = await createPlace();
  const { code, stdout, stderr } = await outcomeOf(place.start({ launcher: [] }));
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  for (const line of stdout.trimEnd().split("\n")) assert.match(line, LOG_LINE);
  assert.doesNotMatch(stdout, /\r/);
});
