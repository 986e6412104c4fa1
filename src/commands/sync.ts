import type { SyncRequest } from "../cli.ts";
import { EXIT, type ExitCode, worstOf } from "../exit_code.ts";
import { type Summary, summaryOfWrongUsage } from "../sync/summary.ts";
import { createWriter } from "../system/console.ts";
import { escapeControls } from "../system/log_format.ts";
import type { Log } from "../system/log.ts";
import { redactStrings } from "../system/redact.ts";
import { createConfiguredRedactor } from "./configured_redactor.ts";
import { runOnce } from "./one_run.ts";
import { Stopper } from "./stopper.ts";

/** What no arguments mean. */
export const PLAIN_SYNC: SyncRequest = {
  command: "sync",
  dryRun: false,
  force: false,
  report: undefined,
  everyMs: undefined,
  envFiles: [],
  json: false,
  logLevel: undefined,
};

/** The command `sync`: one run, or one for each env file, or that again and again. */
export async function sync(request: SyncRequest): Promise<number> {
  const stopper = new Stopper();
  try {
    const { everyMs } = request;
    if (everyMs === undefined) return (await runAll(request, stopper)).exitCode;
    // Loaded only now: a scheduler does without.
    const { repeat } = await import("./repeat.ts");
    return await repeat(everyMs, stopper, () => runAll(request, stopper));
  } finally {
    stopper.close();
  }
}

/** Runs with each configuration in turn, whatever comes of the others, until told to stop. */
async function runAll(
  request: SyncRequest,
  stopper: Stopper,
): Promise<{ readonly exitCode: ExitCode; readonly logs: readonly Log[] }> {
  const documents: unknown[] = [];
  const codes: ExitCode[] = [];
  const logs: Log[] = [];
  const several = request.envFiles.length > 1;
  for (const envFile of several ? request.envFiles : [request.envFiles[0]]) {
    if (stopper.exitCode !== undefined) break;
    const { log } = await runOnce({
      request,
      envFile,
      stopper,
      onSummary: (summary, redact) => {
        codes.push(summary.exitCode);
        documents.push(redactStrings(summary, redact));
        if (request.json && !several) printDocument(documents[0], request);
      },
    });
    logs.push(log);
  }
  const left = several && codes.length < request.envFiles.length;
  const exitCode = left && stopper.exitCode !== undefined ? stopper.exitCode : worstOf(codes);
  if (request.json && several) printDocument({ exitCode, runs: documents }, request);
  return { exitCode, logs };
}

/** One document; of runs that are repeated, one in each line. */
function printDocument(document: unknown, { everyMs }: SyncRequest): void {
  const indent = everyMs === undefined ? 2 : undefined;
  createWriter(Deno.stdout)(JSON.stringify(document, null, indent) + "\n");
}

/**
 * Wrong usage, told where the log would be, and with --json as the summary. What was typed is told
 * without what may be a secret in the wrong place: values of options, and words as long as a key.
 */
export function refuseUsage(text: string, request: { json: boolean; dryRun: boolean }): number {
  const typed = text.replace(/'(--?[\w-]+)=[^']*'/g, "'$1=…'").replace(
    /'[^'\s-][^'\s]{23,}'/g,
    "'…'",
  );
  const message = escapeControls(createConfiguredRedactor([])(typed));
  const error = { name: "UsageError", message, hint: "See immich-faceless-sync --help." };
  createWriter(Deno.stderr)(`${message}\n${error.hint}\n`);
  const summary: Summary = summaryOfWrongUsage(error, request.dryRun);
  if (request.json) createWriter(Deno.stdout)(JSON.stringify(summary, null, 2) + "\n");
  return EXIT.usage;
}
