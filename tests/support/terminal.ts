import { fileURLToPath } from "node:url";
import { assertNoLeak, secretsOf } from "./leaks.ts";
import { type ProgramOptions, runProgram } from "./program.ts";
import { leftOut, PYTHON } from "./tools.ts";

/** What is typed once this text has been shown. */
export type Step = readonly [until: string, send: string];

export const ENTER = "\r";
export const CTRL_C = "\x03";
export const DOWN = "\x1b[B";

const DRIVER = fileURLToPath(new URL("on_terminal.py", import.meta.url));

/** A test that needs a terminal, which python3 makes; left out, by its name, where it can't be had. */
export function testOnTerminal(name: string, fn: () => Promise<void>): void {
  const isThere = PYTHON !== undefined;
  Deno.test({ name: name + leftOut(isThere, "python3"), ignore: !isThere, fn });
}

/**
 * Starts a command on a terminal of so many columns and copies what it writes there, for
 * {@link ProgramOptions.launcher}. SIGINT is Ctrl-C typed at that terminal.
 */
export function onTerminal(columns = 80, steps: readonly Step[] = []): readonly string[] {
  const typed = JSON.stringify(steps.map(([until, send]) => ({ until, send })));
  return [PYTHON ?? "", DRIVER, String(columns), typed];
}

/**
 * Runs the program on a terminal, types the answers and returns what was shown. Nothing that is a
 * secret in the env file of its folder, before or after, may have been.
 */
export async function runOnTerminal(
  steps: readonly Step[],
  options: ProgramOptions & { readonly cwd: string },
): Promise<{ code: number; shown: string; raw: string }> {
  const launcher = onTerminal(160, steps);
  const { code, stdout, stderr } = await runProgram({ ...options, launcher });
  // deno-lint-ignore no-control-regex
  const shown = stdout.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "");
  for (const text of [stdout, shown]) assertNoLeak(secretsOf(options), "the terminal", text);
  return { code, shown: shown + stderr, raw: stdout };
}
