import { cannotWrite, writeReportFile } from "../report/file.ts";
import { makeReport, type ReportInput } from "../report/report.ts";
import type { RunResult } from "../sync/run.ts";
import { EXIT } from "../exit_code.ts";

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
    log.warn("No report was written: it would take the place of the other run's.");
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
