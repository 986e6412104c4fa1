import assert from "node:assert/strict";
import {
  type Album,
  createWorld,
  type Emulator,
  type EmulatorOptions,
  MINIMAL_PERMISSIONS,
  startEmulator,
  type User,
  type World,
} from "../emulator/mod.ts";
import { createHome, type Home } from "./home.ts";
import { filesBelow } from "./leaks.ts";
import { type ProgramOptions, runProgram } from "./program.ts";

export const FULL = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics", "asset.view"];

export interface Finding {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  readonly hint?: string;
}

/** Alice with one album, an asset that belongs into it, and one that shows Anna. */
export function createLibrary(
  permissions: string[] = FULL,
): { world: World; alice: User; album: Album; key: string } {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const faceless = world.addAsset({ owner: alice });
  world.addFace({ asset: world.addAsset({ owner: alice }), person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: [faceless] });
  const key = world.addKey({ user: alice, permissions, name: "faceless" });
  return { world, alice, album, key };
}

export interface Checked {
  readonly code: number;
  readonly stderr: string;
  readonly findings: readonly Finding[];
  readonly settings: readonly Readonly<Record<string, unknown>>[];
  /** The one finding of this name; the text of it and of its hint. */
  readonly the: (name: string) => Finding & { readonly text: string };
}

/** Runs `check --json`, whose standard output has to be one document. */
export async function check(options: ProgramOptions): Promise<Checked> {
  const args = ["check", "--json", ...options.args ?? []];
  const { code, stdout, stderr } = await runProgram({ ...options, args });
  const { exitCode, checks, settings }: {
    exitCode: number;
    checks: Finding[];
    settings: Record<string, unknown>[];
  } = JSON.parse(stdout);
  assert.equal(exitCode, code);
  const the = (name: string) => {
    const found = checks.filter((finding) => finding.name === name);
    const [finding] = found;
    assert.ok(finding !== undefined && found.length === 1, `${name} in ${stdout}`);
    return { ...finding, text: `${finding.message} ${finding.hint ?? ""}` };
  };
  for (const { status, hint } of checks) assert.equal(hint === undefined, status === "ok");
  return { code, stderr, findings: checks, settings, the };
}

/** Checks against a server with this world and these settings, and makes sure nothing changed. */
export async function checkWith(
  { world, key, version = "3.1.0", settings = {}, args = [], prepare = () => {}, ...server }:
    & { world: World; key: string; version?: string }
    & { settings?: Record<string, string>; args?: string[]; launcher?: readonly string[] }
    & { prepare?: (emulator: Emulator, home: Home) => void }
    & Partial<EmulatorOptions>,
): Promise<Checked> {
  await using emulator = await startEmulator({ version, world, ...server });
  using home = createHome(emulator, key, settings);
  prepare(emulator, home);
  const before = filesBelow(home.folder);
  const { launcher } = server;
  const checked = await check({
    cwd: home.folder,
    args,
    ...launcher === undefined ? {} : { launcher },
  });
  assert.deepEqual(emulator.writes(), []);
  assert.deepEqual(filesBelow(home.folder), before, "a check leaves no file behind");
  return checked;
}
