import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import type { Summary } from "../../src/report/summary.ts";

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** The whole environment of the program: nothing of the test's own gets in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What the program did. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * How to start the program: the compiled file that PROGRAM_UNDER_TEST names, else the source by the
 * very command of `deno task sync`, with the permissions that stand there and no others.
 */
function commandLine(): { command: string; args: string[] } {
  const compiled = Deno.env.get("PROGRAM_UNDER_TEST");
  if (compiled !== undefined && compiled !== "") return { command: compiled, args: [] };
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const [deno, ...args] = denoJson.tasks.sync.split(" ");
  assert.equal(deno, "deno");
  return {
    command: Deno.execPath(),
    args: args.map((arg) => arg === "src/main.ts" ? `${root}src/main.ts` : arg),
  };
}

/** Starts the program as a process of its own; the caller waits for it or ends it. */
export function startProgram(options: ProgramOptions = {}): Deno.ChildProcess {
  const { command, args } = commandLine();
  return new Deno.Command(command, {
    args: [...args, ...options.args ?? []],
    env: { ...systemEnvironment(), ...options.env },
    clearEnv: true,
    cwd: options.cwd ?? fileURLToPath(new URL(".", import.meta.url)),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs the program to its end. */
export async function runProgram(options: ProgramOptions = {}): Promise<Outcome> {
  return await outcomeOf(startProgram(options));
}

export async function outcomeOf(process: Deno.ChildProcess): Promise<Outcome> {
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs the program with --json; stdout must be the summary and nothing else. */
export async function runForSummary(
  options: ProgramOptions = {},
): Promise<Outcome & { summary: Summary }> {
  const outcome = await runProgram({ ...options, args: [...options.args ?? [], "--json"] });
  const summary: Summary = JSON.parse(outcome.stdout);
  assert.equal(summary.exitCode, outcome.code);
  return { ...outcome, summary };
}

/** What Deno itself needs, to find its cache for instance; the compiled program needs nothing. */
function systemEnvironment(): Record<string, string> {
  const names = [
    "DENO_DIR",
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "SystemRoot",
    "LOCALAPPDATA",
    "DENO_COVERAGE_DIR",
  ];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
