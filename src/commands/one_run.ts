import type { NotifyConfig } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { processSurroundings } from "../config/source.ts";
import { Interrupted } from "../errors.ts";
import { EXIT } from "../exit_code.ts";
import { openNotifier, pingUnstarted } from "../notify/notify.ts";
import { stateStoreOf } from "../notify/state.ts";
import { run, type RunResult } from "../sync/run.ts";
import { type Summary, summaryOfWrongUsage } from "../sync/summary.ts";
import { lockFolder } from "../system/lock.ts";
import type { Log } from "../system/log.ts";
import { VERSION } from "../version.ts";
import { configError, openOutput } from "./output.ts";
import type { Stopper } from "./stopper.ts";

type Redact = (text: string) => string;

export interface OneRunRequest {
  /** Plan, and change nothing. */
  readonly dryRun: boolean;
  /** Run past the guards. */
  readonly force: boolean;
  /** Where to write the HTML report, as typed. */
  readonly report: string | undefined;
  readonly json: boolean;
  readonly logLevel: string | undefined;
}

export interface OneRunInput {
  readonly request: OneRunRequest;
  /** Whose configuration it is; undefined for the usual one. */
  readonly envFile: string | undefined;
  readonly stopper: Stopper;
  /** Called as soon as the summary is known, before anybody is told. */
  readonly onSummary: (summary: Summary, redact: Redact) => void;
}

/** Where the run was logged: without a valid configuration, to the console only. */
export interface OneRun {
  readonly exitCode: number;
  readonly log: Log;
}

/** One run with one configuration: read it, sync, tell. */
export async function runOnce(input: OneRunInput): Promise<OneRun> {
  const { request, envFile, stopper, onSummary } = input;
  const startedAt = new Date();
  const surroundings = processSurroundings();
  const loaded = loadConfig({ ...surroundings, envFile, logLevel: request.logLevel });
  const { redact, progress, log } = await openOutput(request, loaded);
  const refuse = async (
    error: { name: string; message: string; hint: string },
    notify: NotifyConfig,
  ): Promise<OneRun> => {
    const summary = summaryOfWrongUsage(error, request.dryRun);
    onSummary(summary, redact);
    await pingUnstarted(notify, summary, log);
    return { exitCode: EXIT.usage, log };
  };
  if (!loaded.ok) return await refuse(configError(loaded, log.logger), loaded.notify);

  const { config } = loaded;
  const report = request.report === undefined
    ? undefined
    : (await import("../report/file.ts")).prepareReportFile(request.report, surroundings.cwd);
  if (report !== undefined && "problem" in report) {
    log.logger.error(report.problem);
    const error = { name: "UsageError", message: report.problem, hint: "Nothing was done." };
    return await refuse(error, config.notify);
  }
  log.logger.debug(`Configuration: ${loaded.file ?? "environment variables only"}`);
  log.logger.info(
    `immich-faceless-sync ${VERSION}${
      request.dryRun ? " (dry run)" : ""
    }: ${config.immich.baseUrl}`,
  );
  const notifier = openNotifier({
    config,
    store: stateStoreOf(config, loaded),
    envFile: envFile === undefined ? undefined : loaded.file,
    dryRun: request.dryRun,
    log,
    redact,
  });
  const stop = new AbortController();
  stopper.onStop = (signal, exitCode) => {
    progress?.end();
    log.logger.warn(`${signal} received: stopping, once a change that was sent is answered.`);
    stop.abort(new Interrupted(signal, exitCode));
  };
  const done = await run({
    config,
    dryRun: request.dryRun,
    force: request.force,
    lastScanAt: notifier.state.lastScanAt ?? undefined,
    lastReason: notifier.state.lastRun?.reason ?? undefined,
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
    : await (await import("../report/report.ts")).writeReport(report.path, done, {
      config,
      startedAt,
      log: log.logger,
      stop: stop.signal,
      redact,
    });
  logEnd(log, result);
  onSummary(result.summary, redact);
  const told = notifier.ended(result, startedAt);
  // Whom nobody could tell by then, the next run tells.
  await (stop.signal.aborted ? told : Promise.race([told, abortOf(stop.signal)]));
  stopper.onStop = () => {};
  return { exitCode: result.summary.exitCode, log };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

function logEnd({ logger }: Log, { summary, defect }: RunResult): void {
  const { status, dryRun, added, removed, failed, guard, error, durationMs } = summary;
  const traffic = `${(durationMs / 1000).toFixed(1)} s, ${summary.requests} requests`;
  if (status === "busy") {
    logger.warn("Another run of this album is under way; this one ends without changing anything.");
  }
  if (guard !== null) {
    logger.error(`Refused by ${guard.name}; nothing was changed: ${guard.message}`);
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
  } else if (!dryRun && added + removed > 0) {
    logger.warn(`Up to then: ${counts} (${traffic}).`);
  }
}
