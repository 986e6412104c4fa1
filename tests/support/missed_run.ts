import assert from "node:assert/strict";
import type { FoundCandidate, MissedDocument } from "../../src/missed/missed_document.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";
import { createHome } from "./home.ts";
import type { MissedLibrary } from "./missed_library.ts";
import { type Outcome, runProgram } from "./program.ts";

export interface Run extends Outcome {
  readonly document: MissedDocument;
  readonly emulator: Emulator;
  readonly log: string;
}

/** Runs `missed --json` once; whatever happens, nothing may have been changed. */
export async function findMissed(
  library: MissedLibrary,
  { version = "3.1.0", args = [], settings = {}, prepare = () => {}, options = {} }: {
    readonly version?: string;
    readonly args?: readonly string[];
    readonly settings?: Readonly<Record<string, string>>;
    readonly prepare?: (emulator: Emulator) => void;
    readonly options?: Partial<EmulatorOptions>;
  } = {},
): Promise<Run> {
  await using emulator = await startEmulator({ version, world: library.world, ...options });
  prepare(emulator);
  using home = createHome(emulator, library.key, settings);
  const outcome = await runProgram({ cwd: home.folder, args: ["missed", "--json", ...args] });
  const document: MissedDocument = JSON.parse(outcome.stdout);
  assert.equal(document.exitCode, outcome.code);
  assert.deepEqual(emulator.writes(), []);
  return { ...outcome, document, emulator, log: home.readLog() };
}

/** The file names of what was found, best first. */
export function names({ document }: Run): string[] {
  return document.candidates.map(({ fileName }) => fileName);
}

export function find(run: Run, fileName: string): FoundCandidate {
  const found = run.document.candidates.find((candidate) => candidate.fileName === fileName);
  assert.ok(found !== undefined, `${fileName} is not among ${names(run)}`);
  return found;
}
