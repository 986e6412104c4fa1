import { dirname, join } from "node:path";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/config.ts";
import { processSurroundings } from "../config/source.ts";
import { duration, invalid, valid, wholeNumber } from "../config/values.ts";
import { ExplainedError, Interrupted, unexpected } from "../errors.ts";
import { ImmichHttp } from "../immich/http.ts";
import { readPeople } from "../immich/people.ts";
import { readServer } from "../immich/server.ts";
import { findMissed } from "../missed/find_missed.ts";
import { type MissedDocument, NO_CANDIDATES } from "../missed/missed_document.ts";
import { makeMissedPage, MOST_CARDS } from "../missed/missed_page.ts";
import { countsInWords } from "../missed/missed_words.ts";
import { cannotWrite, prepareReportFile, writeReportFile } from "../report/file.ts";
import type { OnProgress } from "../system/progress.ts";
import { findAlbum } from "../sync/find_album.ts";
import { uploadedBefore } from "../sync/findings.ts";
import { resolveRule } from "../sync/rule.ts";
import { printJson } from "../system/console.ts";
import { isDevice } from "../system/files.ts";
import type { Logger } from "../system/log.ts";
import { redactStrings } from "../system/redact.ts";
import { listenForStop } from "../system/signals.ts";
import { VERSION } from "../version.ts";
import { configError, openOutput } from "./output.ts";
import { type Common, oneEnvFile, type Verb } from "./verb.ts";
import { EXIT } from "../exit_code.ts";

export interface MissedRequest extends Common {
  readonly command: "missed";
  /** Where to write the page, as typed; undefined: beside the log. */
  readonly report: string | undefined;
  /** How many candidates are shown. */
  readonly limit: number;
  /** How far apart in time neighbours may be, in milliseconds. */
  readonly withinMs: number;
  /** What smart search is asked for. */
  readonly query: string;
}

export const verb: Verb<MissedRequest> = {
  description: "find assets on which recognition may have missed somebody; changes nothing",
  examples: [
    ["missed", "write a page next to the log file"],
    ["missed --report missed.html --limit 5000", "show more, in this file"],
    ["missed --within 1m", "allow a minute between neighbours"],
    ["missed --json | jq .counts", "use the result in a script"],
  ],
  define: (command, { ask, common, value }) =>
    command.optionsGroup("Options for missed:")
      .option("--report <file>", "where to write the page (default: missed.html next to the log)")
      .option(
        "--limit <number>",
        `how many to show, at most ${MOST_CARDS}`,
        value(wholeNumber(1, MOST_CARDS)),
        500,
      )
      .addOption(
        command.createOption("--within <time>", "how far apart in time neighbours may be, 0s to 1h")
          .default(10_000, "10s").argParser(value(duration("0s", "1h"))),
      )
      .option(
        "--query <text>",
        "what smart search looks for",
        value((text) => text.trim() === "" ? invalid("not be empty") : valid(text)),
        "a photo of a person",
      )
      .action(({ report, limit, within, query }) =>
        ask({
          ...{ command: "missed", report, limit, withinMs: within, query },
          ...oneEnvFile(command, common()),
        })
      ),
  refusal: (error) => ({ ...emptyDocument(), status: "failed", exitCode: EXIT.usage, error }),
};

/** What is asked beside the listing can be done without: it is tried twice, no more. */
const RETRIES_ASIDE = 1;

type Mutable = { -readonly [Name in keyof MissedDocument]: MissedDocument[Name] };

/** The command `missed`: which assets without people may show somebody. Changes nothing. */
export async function missed(request: MissedRequest): Promise<number> {
  const startedAt = new Date();
  const surroundings = processSurroundings();
  const { envFiles: [envFile], logLevel } = request;
  const loaded = loadConfig({ ...surroundings, envFile, logLevel });
  const { redact, progress, log: { logger: log } } = await openOutput(request, loaded);
  const document = emptyDocument();
  const end = () => {
    progress?.end();
    if (request.json) printJson(redactStrings(document, redact));
    return document.exitCode;
  };
  if (!loaded.ok) {
    refuse(document, configError(loaded, log));
    return end();
  }
  const { config } = loaded;
  document.server = { url: config.immich.baseUrl, version: null };
  const file = request.report ?? usualPlace(config.log.path);
  const report = prepareReportFile(file, surroundings.cwd);
  if ("problem" in report) {
    log.error(report.problem);
    const hint = "Nothing was done.";
    refuse(document, { name: "UsageError", message: report.problem, hint });
    return end();
  }
  log.info(`immich-faceless-sync ${VERSION} (missed): ${config.immich.baseUrl}`);
  const stop = new AbortController();
  const stopListening = listenForStop((signal, exitCode) => {
    progress?.end();
    log.warn(`${signal} received: stopping.`);
    stop.abort(new Interrupted(signal, exitCode));
  });
  const input: LookInput = {
    config,
    request,
    path: report.path,
    startedAt,
    log,
    stop: stop.signal,
    redact,
    onProgress: progress?.update,
  };
  try {
    await look(document, input);
  } catch (error) {
    tellFailure(document, log, error);
  }
  stopListening();
  document.durationMs = Date.now() - startedAt.getTime();
  return end();
}

/** Beside the log; where that is a device such as /dev/stdout, in the working folder. */
function usualPlace(logPath: string): string {
  return isDevice(logPath) ? "missed.html" : join(dirname(logPath), "missed.html");
}

interface LookInput {
  readonly config: Config;
  readonly request: MissedRequest;
  /** Where the page is to be written. */
  readonly path: string;
  readonly startedAt: Date;
  readonly log: Logger;
  readonly stop: AbortSignal;
  readonly redact: (text: string) => string;
  readonly onProgress: OnProgress | undefined;
}

/** Fills the document while it gets along, so that it is right after a failure too. */
async function look(document: Mutable, input: LookInput): Promise<void> {
  const { config, request, log, stop, redact, onProgress } = input;
  const http = new ImmichHttp(config.immich, log, stop, redact);
  const retries = Math.min(config.immich.retries, RETRIES_ASIDE);
  const beside = new ImmichHttp({ ...config.immich, retries }, log, stop, redact);
  const notes: string[] = [];
  document.notes = notes;
  try {
    onProgress?.({ step: "Asking the server" });
    const server = await readServer(http);
    const { baseUrl: url } = config.immich;
    document.server = { url, version: server.version };
    const { album, ownUserId } = await findAlbum(http, config.album);
    const rule = await resolveRule(config.rule, server, () => readPeople(http));
    const { candidates, counts } = await findMissed({
      reader: { http, server, concurrency: config.immich.concurrency, onProgress },
      aside: { http: beside, server, log, stop, notes },
      scope: { rule, assetTypes: config.assetTypes, includeArchived: config.includeArchived },
      album,
      ownUserId,
      uploadedBefore: uploadedBefore(config.minAssetAgeMs, http.clockAheadMs),
      withinMs: request.withinMs,
      query: request.query,
      limit: request.limit,
      serverUrl: url,
    });
    document.candidates = candidates;
    document.counts = counts;
    log.info(
      candidates.length === 0
        ? "Found no assets on which recognition may have missed somebody."
        : `Assets that may show somebody: ${countsInWords(counts)}.`,
    );
    onProgress?.({ step: "Asking for pictures" });
    const page = await makeMissedPage({
      server: { url, version: server.version },
      album: album?.name,
      startedAt: input.startedAt,
      version: VERSION,
      candidates,
      counts,
      notes,
    }, { http: beside, log, signal: stop, redact });
    document.notes = page.notes;
    for (const note of page.notes) log.info(note);
    stop.throwIfAborted();
    write(input.path, page.html);
    document.report = input.path;
    log.info(`The page was written to ${input.path}.`);
  } finally {
    document.requests = http.traffic.requests + beside.traffic.requests;
    http.close();
    beside.close();
  }
}

/** @throws ExplainedError when the system does not let it be written */
function write(path: string, html: string): void {
  try {
    writeReportFile(path, html);
  } catch (cause) {
    const hint = "The results are in the log and, with --json, in the document.";
    throw new ExplainedError("ReportError", cannotWrite(path, cause), hint, { cause });
  }
}

function emptyDocument(): Mutable {
  return {
    status: "ok",
    exitCode: EXIT.ok,
    server: { url: null, version: null },
    candidates: [],
    counts: NO_CANDIDATES,
    notes: [],
    report: null,
    error: null,
    requests: 0,
    durationMs: 0,
  };
}

function refuse(document: Mutable, error: MissedDocument["error"]): void {
  document.status = "failed";
  document.exitCode = EXIT.usage;
  document.error = error;
}

function tellFailure(document: Mutable, log: Logger, error: unknown): void {
  document.status = "failed";
  document.exitCode = error instanceof Interrupted ? error.exitCode : EXIT.failed;
  if (error instanceof ExplainedError) {
    const { name, message, hint } = error;
    document.error = { name, message, hint };
    return log.error(`${message} ${hint}`);
  }
  const { told, defect } = unexpected(error);
  document.error = told;
  log.error(`${told.message} ${told.hint}`, defect);
}
