import type { SyncRequest } from "../cli.ts";
import { type ConfigResult, loadConfig } from "../config/load.ts";
import { processSurroundings } from "../config/source.ts";
import { Interrupted } from "../errors.ts";
import type { ProgressLine } from "../report/progress.ts";
import { openNotifier } from "../notify/notify.ts";
import { type Summary, summaryOfWrongUsage } from "../sync/summary.ts";
import { run, type RunResult } from "../sync/run.ts";
import { createWriter } from "../system/console.ts";
import { lockFolder } from "../system/lock.ts";
import { escapeControls } from "../system/log_format.ts";
import { type Log, openLog } from "../system/log.ts";
import { createRedactor, redactStrings } from "../system/redact.ts";
import { listenForStop } from "../system/signals.ts";
import { VERSION } from "../version.ts";
import { createConfiguredRedactor } from "./configured_redactor.ts";
import { EXIT } from "../exit_code.ts";

/** What no arguments mean. */
export const PLAIN_SYNC: SyncRequest = {
  command: "sync",
  dryRun: false,
  force: false,
  report: undefined,
  envFile: undefined,
  json: false,
  logLevel: undefined,
};

type Redact = (text: string) => string;

/** The command `sync`: configuration, run, summary, mail. Returns the exit code of the process. */
export async function sync(request: SyncRequest): Promise<number> {
  const startedAt = new Date();
  const surroundings = processSurroundings();
  const loaded = loadConfig({ ...surroundings, ...request });
  const redact = createRedactor(loaded.secrets);
  const progress = await openProgress(request, loaded);
  const log = openLog({
    config: loaded.ok ? loaded.config.log : undefined,
    redact,
    console: request.json ? "stderr" : "split",
    stdout: progress?.around(createWriter(Deno.stdout)),
    stderr: progress?.around(createWriter(Deno.stderr)),
  });
  for (const warning of loaded.warnings) log.logger.warn(warning);
  if (!loaded.ok) return refuse(request, loaded, log, redact);

  const { config } = loaded;
  const report = request.report === undefined
    ? undefined
    : (await import("../report/file.ts")).prepareReportFile(request.report, surroundings.cwd);
  if (report !== undefined && "problem" in report) {
    return refuseReport(request, report.problem, log, redact);
  }
  log.logger.debug(`Configuration: ${loaded.file ?? "environment variables only"}`);
  log.logger.info(
    `immich-faceless-sync ${VERSION}${
      request.dryRun ? " (dry run)" : ""
    }: ${config.immich.baseUrl}`,
  );
  const notifier = openNotifier({
    config,
    store: { path: config.statePath, of: loaded.file ?? "" },
    dryRun: request.dryRun,
    log,
    redact,
  });
  const stop = new AbortController();
  const stopListening = listenForStop((signal, exitCode) => {
    progress?.end();
    log.logger.warn(`${signal} received: finishing the request under way, then stopping.`);
    stop.abort(new Interrupted(signal, exitCode));
  });
  const done = await run({
    config,
    dryRun: request.dryRun,
    force: request.force,
    lastScanAt: notifier.state.lastScanAt ?? undefined,
    onStart: notifier.started,
    log: log.logger,
    stop: stop.signal,
    redact,
    lockFolder: lockFolder(surroundings.environment),
    onProgress: progress?.update,
  });
  progress?.end();
  // Loaded only now: a scheduled run shows nothing to anybody.
  const result = report === undefined
    ? done
    : await (await import("./report.ts")).writeReport(report.path, done, {
      config,
      startedAt,
      log: log.logger,
      stop: stop.signal,
      redact,
    });
  logEnd(log, result);
  if (request.json) printJson(result.summary, redact);
  await notifier.ended(result, startedAt);
  stopListening();
  return result.summary.exitCode;
}

/** Only for somebody who looks on; at level debug the log itself says more than a line could. */
async function openProgress(
  { json }: SyncRequest,
  loaded: ConfigResult,
): Promise<ProgressLine | undefined> {
  if (json || !Deno.stderr.isTerminal()) return undefined;
  if (!loaded.ok || loaded.config.log.level === "debug") return undefined;
  const { showProgress } = await import("../report/progress.ts");
  return showProgress(createWriter(Deno.stderr));
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
  const message = escapeControls(createConfiguredRedactor(undefined)(typed));
  const error = { name: "UsageError", message, hint: "See immich-faceless-sync --help." };
  createWriter(Deno.stderr)(`${message}\n${error.hint}\n`);
  if (request.json) printJson(summaryOfWrongUsage(error, request.dryRun), (text) => text);
  return EXIT.usage;
}

function refuse(
  request: SyncRequest,
  { problems, hint }: Extract<ConfigResult, { ok: false }>,
  log: Log,
  redact: Redact,
): number {
  for (const { message } of problems) log.logger.error(message);
  log.logger.error(hint);
  const message = problems.map((problem) => problem.message).join("; ");
  const error = { name: "ConfigError", message, hint };
  if (request.json) printJson(summaryOfWrongUsage(error, request.dryRun), redact);
  return EXIT.usage;
}

function refuseReport(request: SyncRequest, message: string, log: Log, redact: Redact): number {
  log.logger.error(message);
  const error = { name: "UsageError", message, hint: "Nothing was done." };
  if (request.json) printJson(summaryOfWrongUsage(error, request.dryRun), redact);
  return EXIT.usage;
}

function logEnd({ logger }: Log, { summary, defect }: RunResult): void {
  const { status, dryRun, added, removed, failed, guard, error, durationMs } = summary;
  const traffic = `${(durationMs / 1000).toFixed(1)} s, ${summary.requests} requests`;
  if (status === "busy") {
    logger.warn("Another run of this album is under way; this one ends without doing anything.");
  }
  if (guard !== null) {
    logger.error(`Refused by ${guard.name}, nothing was changed: ${guard.message}`);
  }
  for (const asset of failed.slice(0, 10)) {
    logger.warn(`Could not ${asset.action} asset ${asset.id}: ${asset.error}`);
  }
  if (failed.length > 10) logger.warn(`… and ${failed.length - 10} more assets.`);
  if (error !== null) {
    logger.error(`${error.message} ${error.hint}`, defect);
  }
  const counts = `added ${added}, removed ${removed}`;
  if (error === null && (status === "ok" || status === "partial")) {
    logger.info(`Done in ${traffic}: ${dryRun ? "would have " : ""}${counts}.`);
  } else if (added + removed > 0) {
    logger.warn(`Up to then: ${counts} (${traffic}).`);
  }
}

function printJson(summary: Summary, redact: Redact): void {
  createWriter(Deno.stdout)(JSON.stringify(redactStrings(summary, redact), null, 2) + "\n");
}
