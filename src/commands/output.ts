import type { ConfigResult } from "../config/load.ts";
import type { Explanation } from "../errors.ts";
import { createWriter } from "../system/console.ts";
import { type Log, type Logger, openLog } from "../system/log.ts";
import type { ProgressLine } from "../system/progress.ts";
import { createRedactor } from "../system/redact.ts";

/** Where a command that keeps a log tells what it does. */
export interface Output {
  readonly redact: (text: string) => string;
  /** Undefined where nobody looks on. */
  readonly progress: ProgressLine | undefined;
  readonly log: Log;
}

/** Opens the log, with a progress line around it on a terminal, and tells the warnings there. */
export async function openOutput(
  { json }: { readonly json: boolean },
  loaded: ConfigResult,
): Promise<Output> {
  const redact = createRedactor(loaded.secrets);
  const progress = await openProgress(json, loaded);
  const log = openLog({
    config: loaded.ok ? loaded.config.log : undefined,
    redact,
    console: json ? "stderr" : "split",
    stdout: progress?.around(createWriter(Deno.stdout)),
    stderr: progress?.around(createWriter(Deno.stderr)),
  });
  for (const { message, hint } of loaded.warnings) log.logger.warn(`${message} ${hint}`);
  return { redact, progress, log };
}

/** Only for somebody who looks on; at level debug the log itself says more than a line could. */
async function openProgress(
  json: boolean,
  loaded: ConfigResult,
): Promise<ProgressLine | undefined> {
  if (json || !Deno.stderr.isTerminal()) return undefined;
  if (!loaded.ok || loaded.config.log.level === "debug") return undefined;
  // Loaded only now: a scheduled run does without.
  const { showProgress } = await import("../system/progress.ts");
  return showProgress(createWriter(Deno.stderr));
}

/** Tells the problems of a configuration, and puts them in one. */
export function configError(
  { problems, hint }: Extract<ConfigResult, { ok: false }>,
  log: Logger,
): Explanation & { readonly name: string } {
  for (const { message } of problems) log.error(message);
  log.error(hint);
  const message = problems.map((problem) => problem.message).join("; ");
  return { name: "ConfigError", message, hint };
}
