import { getRotatingFileSink } from "@logtape/file";
import type { LogRecord, Sink } from "@logtape/logtape";
import { dirname } from "node:path";
import type { LogConfig } from "../config/schema.ts";
import { reasonOf } from "./reason.ts";

type FileConfig = Pick<LogConfig, "path" | "maxSizeBytes" | "backups">;

/**
 * A sink that writes each line to the log file at once and for good, so that none is lost however
 * the process ends. Missing folders are made. Before a line that would take the file over its
 * size, `name` becomes `name.1`, `name.1` becomes `name.2`, and so on; without backups it starts
 * anew. Never throws.
 *
 * Several processes may write the same file: lines are appended whole, never into each other, and
 * each follows the file when another rotates it. Only when two rotate it at the very same moment
 * may one of the backups be lost.
 *
 * @param report Told in one sentence, once each: that the file cannot be written (from then on
 *   nothing is), or that it cannot be rotated (from then on it grows).
 */
export function createFileSink(
  config: FileConfig,
  format: (record: LogRecord) => string,
  report: (problem: string) => void,
): Sink {
  const { path, backups } = config;
  let maxSizeBytes = config.maxSizeBytes;
  let writable = !isDevice(path);
  return (record) => {
    if (!writable) return;
    const line = format(record);
    const failure = attempt(() => append({ path, maxSizeBytes, backups }, record, line));
    if (failure === undefined) return;
    const withoutRotation = attempt(() => {
      Deno.mkdirSync(dirname(path), { recursive: true });
      append({ path, maxSizeBytes: Infinity, backups }, record, line);
    });
    if (withoutRotation !== undefined) {
      writable = false;
      report(
        `The log file ${path} cannot be written: ${explain(withoutRotation.error)}. ` +
          "This run goes on with console output only; " +
          "set LOG_FILE_PATH to a file in a folder that can be written.",
      );
    } else if (!(failure.error instanceof Deno.errors.NotFound)) {
      // "Not found" was a missing folder, or another process that rotated at the same moment.
      maxSizeBytes = Infinity;
      report(`The log file ${path} cannot be rotated and will grow: ${reasonOf(failure.error)}.`);
    }
  };
}

function attempt(action: () => void): { error: unknown } | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/**
 * Opens, writes and closes for this one line (0.2 ms). A sink of @logtape/file that stays open
 * counts only its own bytes, goes on writing to a file that another process has renamed or someone
 * has deleted, and is of no more use once a rotation has failed (seen in 2.3.10).
 */
function append({ path, maxSizeBytes, backups }: FileConfig, record: LogRecord, line: string) {
  const sink = getRotatingFileSink(path, {
    bufferSize: 0,
    // For a line that is larger than a whole file it would rotate an empty file away.
    maxSize: Math.max(maxSizeBytes, new TextEncoder().encode(line).length),
    maxFiles: backups,
    formatter: () => line,
  });
  const failure = attempt(() => sink(record));
  const closing = attempt(() => sink[Symbol.dispose]());
  // After a failed rotation its file is closed already, so that closing fails as well.
  const first = failure ?? closing;
  if (first !== undefined) throw first.error;
}

function explain(error: unknown): string {
  // Of making the folder: that it exists as a folder is no error.
  if (error instanceof Deno.errors.AlreadyExists) return "a part of its path is a file, no folder";
  return reasonOf(error);
}

/** /dev/null, /dev/stdout and the like: the console has every line, and they cannot be synced. */
export function isDevice(path: string): boolean {
  try {
    const info = Deno.statSync(path);
    return !info.isFile && !info.isDirectory;
  } catch (error) {
    // Deno lets nobody look at most devices. Else it is not there yet, or writing will say why.
    return error instanceof Deno.errors.NotCapable && /^\/dev\//.test(path);
  }
}
