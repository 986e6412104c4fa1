import type { Config } from "../config/config.ts";
import { EXIT } from "../exit_code.ts";
import { ImmichHttp } from "../immich/http.ts";
import { idsInTurn, listsOf, type ReportPage } from "./contents.ts";
import { cannotWrite, writeReportFile } from "./file.ts";
import { type Finish, finishPage, gatherDetails, noteOf, type Source } from "./gather.ts";
import { shorten } from "./markup.ts";
import { renderReport } from "./page.ts";
import type { RunResult } from "../sync/run.ts";
import type { Logger } from "../system/log.ts";
import { count } from "../text.ts";
import { VERSION } from "../version.ts";

/** No report is larger, whatever the thumbnails weigh. */
const MAX_REPORT_MEGABYTES = 10;
/** The server is asked for no longer than this, in milliseconds. */
const MOST_MS = 180_000;
/** Names are cut to so many characters: 800 assets with 9 people each are to fit. */
const MAX_NAME = 120;

export interface ReportInput {
  readonly config: Config;
  readonly startedAt: Date;
  readonly log: Logger;
  /** Told to stop, the report is made of what is known. */
  readonly stop: AbortSignal;
  readonly redact: (text: string) => string;
}

/** Asks the server for what is to be shown, and makes the page. */
async function makeReport(
  result: Omit<RunResult, "defect">,
  { config, startedAt, log, stop, redact }: ReportInput,
): Promise<string> {
  const lists = listsOf(result);
  const ids = idsInTurn(lists);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(MOST_MS)]);
  const http = new ImmichHttp(config.immich, log, signal, redact);
  try {
    if (ids.length > 0) log.info(`Asking for thumbnails of ${ids.length} assets for the report.`);
    const source: Source = { http, log, signal, redact };
    const { found: details, ended } = await gatherDetails(source, ids);
    const page: Omit<ReportPage, keyof Finish> = {
      summary: result.summary,
      startedAt,
      version: VERSION,
      lists,
      details: new Map([...details].map(([id, { fileName, people, ...rest }]) => {
        const short = (name: string) => shorten(redact(name), MAX_NAME);
        return [id, { ...rest, fileName: short(fileName), people: people.map(short) }];
      })),
    };
    const lack = details.size === 0
      ? "There are no names, dates and people"
      : `Names, dates and people of ${count(ids.length - details.size, "asset")} are missing`;
    const known = ended === undefined ? [] : [noteOf(lack, ended)];
    const { html, notes } = await finishPage(
      source,
      ids,
      MAX_REPORT_MEGABYTES,
      known,
      (finish) => renderReport({ ...page, ...finish }, redact),
    );
    for (const note of notes) log.warn(`The report is incomplete: ${note}`);
    return html;
  } finally {
    http.close();
  }
}

/**
 * Writes the report of a run. A report that is asked for and can't be written is a failure of an
 * otherwise good run (exit code 1); nothing that is missing in it changes the outcome.
 *
 * @returns the result of the run, as it is to be told now
 */
export async function writeReport(
  path: string,
  result: RunResult,
  input: ReportInput,
): Promise<RunResult> {
  const { log } = input;
  if (result.summary.status === "busy") {
    log.warn("No report was written: it would overwrite the other run's.");
    return result;
  }
  try {
    const html = await makeReport(result, input);
    writeReportFile(path, html);
    log.info(`The report is in ${path}.`);
    return result;
  } catch (error) {
    const defect = isOfSystem(error) || !(error instanceof Error) ? undefined : error;
    const message = defect === undefined
      ? cannotWrite(path, error)
      : `The report could not be made: ${defect.message}`;
    if (result.summary.exitCode !== EXIT.ok) {
      log.error(message, defect);
      return result;
    }
    const hint = "The sync itself was done: only its report is missing.";
    const failure = { name: "ReportError", message, hint };
    return {
      ...result,
      summary: { ...result.summary, status: "failed", exitCode: EXIT.failed, error: failure },
      defect,
    };
  }
}

/** What the system says of a file, as against a defect of the program. */
function isOfSystem(error: unknown): boolean {
  return Object.values(Deno.errors).some((kind) => error instanceof kind) ||
    (error instanceof Error && "code" in error);
}
