import { duration } from "../config/values.ts";
import { type ExitCode, worstOf } from "../exit_code.ts";
import { summaryOfWrongUsage } from "../sync/summary.ts";
import { printJson } from "../system/console.ts";
import type { Log } from "../system/log.ts";
import { redactStrings } from "../system/redact.ts";
import { type OneRunRequest, runOnce } from "./one_run.ts";
import { Stopper } from "./stopper.ts";
import type { Common, Verb } from "./verb.ts";

export interface SyncRequest extends Common, OneRunRequest {
  readonly command: "sync";
  /** How often to run, in milliseconds; undefined for once. */
  readonly everyMs: number | undefined;
}

export const verb: Verb<SyncRequest> = {
  description: "update the album once; the default command",
  examples: [
    ["", "update the album"],
    ["--dry-run", "show what would be added and removed"],
    ["--force", "override the guards once"],
    ["--env-file my.env --env-file hers.env", "two users, one after the other"],
    ["--every 1h", "keep running, e.g. in a container"],
    ["--json | jq .added", "use the result in a script"],
  ],
  define: (command, { ask, common, value }) =>
    command.optionsGroup("Options for sync:")
      .option("--dry-run", "show what would be done, but change nothing")
      .option("--force", "override the guards for this run")
      .option(
        "--report <file>",
        "write an HTML page that shows the changes, with thumbnails",
      )
      .option(
        "--every <interval>",
        "keep running, and start a run this often, e.g. every 15m or 1h",
        value(duration("1ms", "365d")),
      )
      .action(({ dryRun = false, force = false, report, every }) => {
        if (report !== undefined && common().envFiles.length > 1) {
          command.error("error: option '--report <file>' can't be used with several --env-file");
        }
        ask({ command: "sync", dryRun, force, report, everyMs: every, ...common() });
      }),
  refusal: summaryOfWrongUsage,
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
  printJson(document, everyMs === undefined ? 2 : 0);
}
