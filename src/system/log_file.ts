import { dirname } from "node:path";
import { sleep, type Writer } from "./console.ts";
import { isAt } from "./lock.ts";
import type { LogConfig } from "./log_format.ts";
import { isDevice, reasonOf } from "./files.ts";

type FileConfig = Pick<LogConfig, "path" | "maxSizeBytes" | "backups">;

/**
 * Writes each line to the log file at once and for good, so that none is lost however the process
 * ends. Missing folders are made. Before a line that would take the file over its
 * size, `name` becomes `name.1`, `name.1` becomes `name.2`, and so on; without backups it starts
 * anew. Never throws.
 *
 * Several processes may write the same file, and no line gets lost: lines are appended whole, one
 * process at a time rotates, and the others follow.
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
        `The log file ${path} cannot be written: ${explain(path, withoutRotation.error)}. ` +
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
  for (let attempts = 1;; attempts++) {
    using file = Deno.openSync(path, { append: true, create: true });
    const mayRotate = lock(file);
    // Whoever waited for the lock may find that the file has been rotated in the meantime.
    if (!isAt(file, path) && attempts < MAX_ATTEMPTS) continue;
    const { size } = file.statSync();
    const isFull = size > 0 && size + bytes.length > maxSizeBytes;
    if (isFull && mayRotate && attempts < MAX_ATTEMPTS) {
      if (!rotate(path, backups)) sleep(1);
      continue;
    }
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    unlock(file);
    return file.syncDataSync();
  }
}

/** After so many milliseconds a log is written to that another process is still rotating. */
const MAX_ATTEMPTS = 100;
/** Far longer than a line or a rotation takes. A process that is stopped must not stop the others. */
const MAX_WAIT_MS = 1_000;

/** @returns false when another process keeps the file: it is written to, but not moved */
function lock(file: Deno.FsFile): boolean {
  const end = performance.now() + MAX_WAIT_MS;
  while (!tryLock(file)) {
    if (performance.now() > end) return false;
    sleep(1);
  }
  return true;
}

function tryLock(file: Deno.FsFile): boolean {
  try {
    return file.tryLockSync(true);
  } catch {
    return true; // Some network file systems have no locks. Two processes may then lose a backup.
  }
}

function unlock(file: Deno.FsFile): void {
  try {
    file.unlockSync();
  } catch {
    // It was not locked.
  }
}

/**
 * Whoever holds the lock on the log moves that first, for on Windows it can't be moved while another
 * program looks at it, and the backups must not be shifted for nothing. From then on others write to
 * a new log, which they must not rotate before this is done.
 *
 * @returns false when another process is at it
 */
function rotate(path: string, backups: number): boolean {
  if (backups === 0) {
    Deno.truncateSync(path);
    return true;
  }
  const moved = `${path}.rotating`;
  if (!finishRotation(path, moved, backups)) return false;
  Deno.renameSync(path, moved);
  try {
    shift(path, moved, backups);
  } catch (error) {
    putBack(moved, path);
    throw error;
  }
  return true;
}

/**
 * Completes what a process has left behind that ended in the middle of it.
 *
 * @returns false when that one is alive
 */
function finishRotation(path: string, moved: string, backups: number): boolean {
  try {
    using file = Deno.openSync(moved, { read: true, append: true });
    if (!tryLock(file)) return false;
    if (isAt(file, moved)) shift(path, moved, backups);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return true;
}

function shift(path: string, moved: string, backups: number): void {
  for (let number = backups - 1; number > 0; number--) {
    renameIfThere(`${path}.${number}`, `${path}.${number + 1}`);
  }
  Deno.renameSync(moved, `${path}.1`);
}

/** Unless there is a new log by now: then the next rotation sees to it. */
function putBack(moved: string, path: string): void {
  try {
    Deno.linkSync(moved, path);
    Deno.removeSync(moved);
  } catch {
    // Why it could not be rotated is what is told.
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function explain(path: string, error: unknown): string {
  return obstacleIn(path) ?? reasonOf(error);
}

/** What keeps a log file from being written that the system's own words hide; else undefined. */
export function obstacleIn(
  path: string,
  os: typeof Deno.build.os = Deno.build.os,
): string | undefined {
  if (isFolder(path)) return "it is a folder";
  if (os !== "windows") return undefined;
  const variable = /%[^%\\/]+%/.exec(path)?.[0];
  if (variable !== undefined) {
    return `Windows variables such as ${variable} are not expanded here; write the path itself`;
  }
  const drive = /^[a-z]:/i.exec(path)?.[0];
  if (drive !== undefined) return isFolder(`${drive}\\`) ? undefined : `there is no drive ${drive}`;
  const share = /^\\\\[^\\?.][^\\]*\\[^\\]+/.exec(path)?.[0];
  return share === undefined || isFolder(`${share}\\`)
    ? undefined
    : `the share ${share} cannot be reached`;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
