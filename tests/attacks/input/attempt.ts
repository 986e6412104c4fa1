import assert from "node:assert/strict";
import { dirname } from "node:path";
import {
  type Asset,
  createWorld,
  type Emulator,
  type EmulatorOptions,
  MINIMAL_PERMISSIONS,
  startEmulator,
} from "../../emulator/mod.ts";
import { createHome, type Home } from "../../support/home.ts";
import { type MailServerOptions, startMailServer } from "../../support/mail_server.ts";
import { type Outcome, runProgram } from "../../support/program.ts";
import type { Summary } from "../../../src/sync/summary.ts";

/** Something a user may get wrong (or an odd thing that must work), and what has to come of it. */
export interface Input {
  /** The name of its test. */
  readonly name: string;
  readonly args?: readonly string[];
  /** The environment; the address of the server and the key stand in the env file. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written into the working folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Whatever else is to be done before the run. */
  readonly prepare?: (place: Place) => void;
  /** A mail server of its own, whose port becomes EMAIL_SMTP_PORT unless `env` names one. */
  readonly mail?: MailServerOptions;
  readonly launcher?: readonly string[];
  readonly tls?: EmulatorOptions["tls"];
  readonly hostname?: string;
  readonly ignore?: boolean;
  /** The exit code; with 0 the album must be right afterwards, else nothing may be changed. */
  readonly code: number;
  /** One line of the log, or of the message for wrong usage. */
  readonly says: RegExp | readonly RegExp[];
  /** How many problems are to be told; 1 unless it is said here. Counts with exit code 2 only. */
  readonly problems?: number;
  readonly afterwards?: (
    place: Place,
    outcome: Outcome & { summary: Summary },
  ) => void | Promise<void>;
}

export interface Place {
  readonly home: Home;
  readonly emulator: Emulator;
  readonly key: string;
  /** The assets that belong to the album. */
  readonly faceless: readonly Asset[];
}

/** Starts the program with this input, on a server and in a folder of its own. */
export async function attempt(input: Input): Promise<void> {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const faceless = [world.addAsset({ owner: alice }), world.addAsset({ owner: alice })];
  const portrait = world.addAsset({ owner: alice });
  world.addFace({ asset: portrait, person: world.addPerson({ owner: alice, name: "Anna" }) });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  const { tls, hostname, mail } = input;
  await using emulator = await startEmulator({
    version: "3.1.0",
    world,
    ...(tls === undefined ? {} : { tls }),
    ...(hostname === undefined ? {} : { hostname }),
  });
  await using mailServer = mail === undefined ? undefined : await startMailServer(mail);
  using home = createHome(emulator, key, { IMMICH_RETRIES: "0" });
  const place = { home, emulator, key, faceless };
  for (const [name, content] of Object.entries(input.files ?? {})) {
    writeFile(`${home.folder}/${name}`, content);
  }
  input.prepare?.(place);
  const run = await runProgram({
    cwd: home.folder,
    // First, so that an option without its argument does not take it for that.
    args: ["--json", ...input.args ?? []],
    env: {
      ...(mailServer === undefined ? {} : { EMAIL_SMTP_PORT: String(mailServer.port) }),
      ...input.env,
    },
    mails: mailServer?.mails ?? [],
    ...(input.launcher === undefined ? {} : { launcher: input.launcher }),
  });
  const summary: Summary = JSON.parse(run.stdout);
  assert.equal(summary.exitCode, run.code);
  const outcome = { ...run, summary };
  assertOutcome(input, place, outcome);
  await input.afterwards?.(place, outcome);
}

/** Private, as a user is asked to keep them. */
function writeFile(path: string, content: string | Uint8Array): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  Deno.writeFileSync(path, bytes, { mode: 0o600 });
}

function assertOutcome(
  { code, says, problems = 1 }: Input,
  { emulator, faceless }: Place,
  { code: actual, stderr, summary }: Outcome & { summary: Summary },
): void {
  assert.equal(actual, code, stderr);
  const lines = stderr.split("\n").filter((line) => line !== "");
  for (const said of [says].flat()) {
    assert.ok(lines.some((line) => said.test(line)), `${said} is nowhere in:\n${stderr}`);
  }
  assert.doesNotMatch(stderr, /^\s+at /m, "no stack trace");
  assert.doesNotMatch(stderr, /Uncaught|failed unexpectedly|\bundefined\b|\[object/);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(stderr, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/, "nothing that a terminal obeys");
  if (code === 0) {
    const [album] = emulator.world.albums.values();
    assert.deepEqual(new Set(album?.assets), new Set(faceless));
    assert.equal(summary.error, null);
    return;
  }
  assert.deepEqual(emulator.writes(), [], "nothing may be changed");
  if (code === 4) return assert.ok(summary.guard !== null);
  assert.equal(summary.status, "failed");
  assert.ok(summary.error !== null && summary.error.message !== "" && summary.error.hint !== "");
  if (code !== 2) return;
  assert.deepEqual(emulator.requests, [], "no request may be sent");
  const told = lines.filter((line) => !/ WARN /.test(line));
  assert.equal(told.length, problems + 1, `the problems and the advice, not more:\n${stderr}`);
}
