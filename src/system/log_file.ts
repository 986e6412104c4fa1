import { dirname } from "node:path";
import type { LogConfig } from "../config/schema.ts";
import type { Writer } from "./console.ts";
import { reasonOf } from "./reason.ts";

type FileConfig = Pick<LogConfig, "path" | "maxSizeBytes" | "backups">;

/**
 * Writes each line to the log file at once and for good, so that none is lost however the process
 * ends. Missing folders are made. Before a line that would take the file over its
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
export function createFileWriter(config: FileConfig, report: (problem: string) => void): Writer {
  const { path, backups } = config;
  let maxSizeBytes = config.maxSizeBytes;
  let writable = !isDevice(path);
  return (line) => {
    if (!writable) return;
    const failure = attempt(() => append({ path, maxSizeBytes, backups }, line));
    if (failure === undefined) return;
    const withoutRotation = attempt(() => {
      Deno.mkdirSync(dirname(path), { recursive: true });
      append({ path, maxSizeBytes: Infinity, backups }, line);
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
 * Opens, writes and closes for this one line (0.2 ms): a file that stays open is written on after
 * another process has renamed it or someone has deleted it.
 */
function append({ path, maxSizeBytes, backups }: FileConfig, line: string): void {
  const bytes = new TextEncoder().encode(line);
  const size = sizeOf(path);
  if (size > 0 && size + bytes.length > maxSizeBytes) rotate(path, backups);
  using file = Deno.openSync(path, { append: true, create: true });
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
  file.syncDataSync();
}

/** 0 when there is none. */
function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function rotate(path: string, backups: number): void {
  if (backups === 0) return Deno.truncateSync(path);
  for (let number = backups - 1; number > 0; number--) {
    renameIfThere(`${path}.${number}`, `${path}.${number + 1}`);
  }
  Deno.renameSync(path, `${path}.1`);
}

function renameIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
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
