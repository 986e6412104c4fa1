import assert from "node:assert/strict";
import { createHome, type Home } from "../../support/home.ts";
import { type ProgramOptions, runForSummary, startProgram } from "../../support/program.ts";
import { type Emulator, startEmulator } from "../../emulator/mod.ts";
import { assertLogsValid, assertTidy, type LogBounds } from "./files.ts";
import {
  createLibrary,
  type Library,
  type Sizes,
  wrongInTheEnd,
  wrongOnTheWay,
} from "./library.ts";

/** What the homes of these tests have in common; `configure` of the home takes more. */
export interface LifeOptions {
  readonly version: string;
  readonly sizes: Sizes;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: LogBounds;
}

/** A library on a server, and a home with its runs. */
export interface Life extends AsyncDisposable {
  readonly library: Library;
  readonly emulator: Emulator;
  readonly home: Home;
  /** Starts the program; the caller ends it or waits for it. */
  start(): Deno.ChildProcess;
  /** After a run that was ended at any point: what it left is on the way, and files are in order. */
  assertOnTheWay(): void;
  /** A healthy run makes it right at once, and the one after it finds nothing to do. */
  assertCompleted(): Promise<void>;
}

const AS_SHIPPED: LogBounds = { format: "text", maxSize: 5_000_000, backups: 3 };

/** What all lives of this process came to, for the figures at the end. */
export const totals = { albumsLookedAt: 0, wrongAlbums: 0, completed: 0 };

export async function beginLife(options: LifeOptions): Promise<Life> {
  const library = createLibrary(options.sizes);
  const { version, log = AS_SHIPPED } = options;
  const emulator = await startEmulator({ version, world: library.world, gzip: false });
  const home = createHome(emulator, library.key, {
    MAX_REMOVE_PERCENT: "100",
    MAX_ADD_PERCENT: "100000",
    // Else each first run would read everything, and none would be by delta.
    SCAN_EVERY: "0",
    LOG_FORMAT: log.format,
    LOG_MAX_SIZE: String(log.maxSize),
    LOG_BACKUPS: String(log.backups),
    ...options.settings,
  });
  const program: ProgramOptions = { cwd: home.folder };

  const assertRight = (wrong: string | undefined) => {
    totals.albumsLookedAt++;
    if (wrong !== undefined) totals.wrongAlbums++;
    assert.equal(wrong, undefined);
  };
  const assertFiles = () => {
    assertTidy(home, log);
    assertLogsValid(home, log);
  };
  const assertOnTheWay = () => {
    assertRight(wrongOnTheWay(library));
    assertOnlyMembershipWritten(emulator);
    assertFiles();
  };
  const assertCompleted = async () => {
    emulator.faults.clear();
    const healthy = await runForSummary(program);
    assert.equal(healthy.code, 0, healthy.stderr);
    assertRight(wrongInTheEnd(library));
    assertOnlyMembershipWritten(emulator);
    emulator.clearRequests();
    const further = await runForSummary(program);
    assert.equal(further.code, 0, further.stderr);
    assert.deepEqual(emulator.writes(), []);
    assertFiles();
    totals.completed++;
  };
  const start = () => startProgram({ ...program, args: ["--json"] });
  const end = async () => {
    await emulator.close();
    home[Symbol.dispose]();
  };
  const life = { library, emulator, home, start, assertOnTheWay, assertCompleted };
  return { ...life, [Symbol.asyncDispose]: end };
}

/** Creating an album, adding to one and removing from one is all that is ever sent. */
function assertOnlyMembershipWritten(emulator: Emulator): void {
  const others = emulator.writes().map(({ method, path }) => `${method} ${path}`).filter((write) =>
    write !== "POST /api/albums" &&
    !/^(?:PUT|DELETE) \/api\/albums\/[0-9a-f-]{36}\/assets$/.test(write)
  );
  assert.deepEqual(others, []);
}

/** The requests of a run that nothing disturbs, in order. */
export async function requestsOfRun(options: LifeOptions): Promise<string[]> {
  await using life = await beginLife(options);
  const { success } = await life.start().output();
  assert.ok(success);
  return life.emulator.requests.map(({ method, path }) => `${method} ${path}`);
}
