import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import denoJson from "../../deno.json" with { type: "json" };
import type { Summary } from "../../src/sync/summary.ts";
import type { ReceivedMail } from "./mail_server.ts";
import {
  assertNoLeak,
  assertNoLeakInFiles,
  filesBelow,
  type FileStates,
  type Secrets,
  secretsOf,
} from "./leaks.ts";

export interface ProgramOptions {
  readonly args?: readonly string[];
  /** The whole environment of the program: nothing of the test's own gets in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A command that starts the program, as its last arguments. */
  readonly launcher?: readonly string[];
  /** A module that runs before the program's own, to break something in it. Not when compiled. */
  readonly preload?: string;
  /** Where the mails of the run arrive: they are scanned for its secrets too. */
  readonly mails?: readonly ReceivedMail[];
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
function commandLine(
  preload?: string,
): { command: string; args: string[]; env?: Record<string, string> } {
  const compiled = Deno.env.get("PROGRAM_UNDER_TEST");
  if (compiled !== undefined && compiled !== "") return { command: compiled, args: [] };
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const [setting, deno, ...args] = denoJson.tasks.sync.split(" ");
  const [name = "", value = ""] = setting?.split("=") ?? [];
  assert.equal(deno, "deno");
  return {
    command: Deno.execPath(),
    env: { [name]: value },
    args: args.flatMap((arg) =>
      arg === "src/main.ts"
        ? [...preload === undefined ? [] : [`--preload=${preload}`], `${root}src/main.ts`]
        : [arg]
    ),
  };
}

/** What is scanned when a program has ended. */
interface Watch {
  readonly secrets: Secrets;
  readonly filesBefore: FileStates;
  readonly options: ProgramOptions;
}

const watches = new WeakMap<Deno.ChildProcess, Watch>();

/** Starts the program as a process of its own; the caller waits for it or ends it. */
export function startProgram(options: ProgramOptions = {}): Deno.ChildProcess {
  const watch: Watch = {
    secrets: secretsOf(options),
    filesBefore: options.cwd === undefined ? new Map() : filesBelow(options.cwd),
    options,
  };
  const process = spawn(options);
  watches.set(process, watch);
  assertNoLeak(watch.secrets, "the list of processes", commandLineOf(process.pid));
  return process;
}

function spawn(options: ProgramOptions): Deno.ChildProcess {
  const program = commandLine(options.preload);
  const [command = "", ...args] = [
    ...options.launcher ?? [],
    program.command,
    ...program.args,
    ...options.args ?? [],
  ];
  return new Deno.Command(command, {
    args,
    env: { ...systemEnvironment(), ...coverage(), ...program.env, ...options.env },
    clearEnv: true,
    cwd: options.cwd ?? fileURLToPath(new URL(".", import.meta.url)),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Where it is measured, some of the starts are: each takes as long again to write what it ran. */
function coverage(): Record<string, string> {
  const folder = Deno.env.get("DENO_COVERAGE_DIR");
  return folder === undefined || starts++ % 3 > 0 ? {} : { DENO_COVERAGE_DIR: folder };
}

let starts = 0;

/** Runs the program to its end. */
export async function runProgram(options: ProgramOptions = {}): Promise<Outcome> {
  return await outcomeOf(startProgram(options));
}

/** Waits for the end and makes sure that no secret came out on any way. */
export async function outcomeOf(process: Deno.ChildProcess): Promise<Outcome> {
  const output = await process.output();
  const decoder = new TextDecoder();
  const { code } = output;
  const outcome = {
    code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
  const watch = watches.get(process);
  if (watch !== undefined) assertNoSecrets(watch, outcome);
  return outcome;
}

function assertNoSecrets({ secrets, filesBefore, options }: Watch, outcome: Outcome): void {
  assertNoLeak(secrets, "standard output", outcome.stdout);
  assertNoLeak(secrets, "standard error", outcome.stderr);
  for (const { raw, subject, text } of options.mails ?? []) {
    assertNoLeak(secrets, "a mail", `${raw}\n${subject}\n${text}`);
  }
  if (options.cwd !== undefined) assertNoLeakInFiles(secrets, options.cwd, filesBefore);
}

/** What `ps` shows of a process; nothing where there is no /proc, or when it has ended. */
function commandLineOf(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
  } catch {
    return "";
  }
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
export function systemEnvironment(): Record<string, string> {
  const names = [
    "DENO_DIR",
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "SystemRoot",
    "LOCALAPPDATA",
  ];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
