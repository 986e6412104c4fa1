/** Files of every kind but the log: read within bounds, written whole, and why that failed. */

import { dirname, join } from "node:path";
import type { Explanation } from "../errors.ts";
import { shown } from "../text.ts";

export type FileContent =
  /** `mode`: permission bits, null where the system has none (Windows). */
  | { readonly ok: true; readonly bytes: Uint8Array; readonly mode: number | null }
  | {
    readonly ok: false;
    readonly reason: "missing" | "hidden" | "folder" | "failed";
    readonly why: string;
  };

/** Never more than `limit` bytes, also of a pipe or a device. Failures are told in words. */
export function readSmallFile(path: string, limit: number): FileContent {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    const failure = explain(error);
    // Who may not search the folder can't know whether the file is there.
    return error instanceof Deno.errors.PermissionDenied
      ? { ...failure, reason: "hidden" }
      : failure;
  }
  try {
    const { isDirectory, mode } = info;
    if (isDirectory) return { ok: false, reason: "folder", why: "it is a folder" };
    using file = Deno.openSync(path, { read: true });
    const buffer = new Uint8Array(limit + 1);
    let length = 0;
    while (length <= limit) {
      const read = file.readSync(buffer.subarray(length));
      if (read === null || read === 0) break;
      length += read;
    }
    if (length > limit) {
      return { ok: false, reason: "failed", why: `it is larger than ${limit >> 10} KB` };
    }
    return {
      ok: true,
      bytes: buffer.slice(0, length),
      mode: Deno.build.os === "windows" || mode === null ? null : mode & 0o777,
    };
  } catch (error) {
    // Told to the user by the caller; the error's own text is left out, as it repeats the path.
    return explain(error);
  }
}

function explain(error: unknown): FileContent & { ok: false } {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return { ok: false, reason: "missing", why: "there is no such file" };
  }
  const denied = error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable;
  const name = error instanceof Error ? error.name : "unknown error";
  return {
    ok: false,
    reason: "failed",
    why: denied ? "permission denied" : `it can't be read (${name})`,
  };
}

/** Undefined when it is not text in UTF-8. Strips a byte order mark. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined; // the caller says what is wrong with the file
  }
}

/** A warning when other users can read the file; `mode` as in {@link FileContent}. */
export function readableByOthers(
  path: string,
  mode: number | null,
  what: string,
): Explanation | undefined {
  if (mode === null || (mode & 0o077) === 0) return undefined;
  return {
    message: `${shown(path)} can be read by other users (mode ${mode.toString(8)}) and ${what}.`,
    hint: "Protect it with chmod 600.",
  };
}

/**
 * Writes a file so that either the old content is there or the new one, whole and on the disk,
 * whenever the process or the machine ends. Makes missing folders. A link stays: what it leads to
 * is replaced.
 *
 * @param mode of the new file; cut by the umask
 */
export function replaceFile(path: string, content: string | Uint8Array, mode: number): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const target = targetOf(path);
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    createFile(temporary, bytes, mode);
    Deno.renameSync(temporary, target);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
}

/**
 * Writes a file that is not there yet. When that fails, on a full disk for one, nothing is left of
 * it, which would be taken for somebody's later.
 *
 * @param mode cut by the umask
 */
export function createFile(path: string, bytes: Uint8Array, mode: number): void {
  using file = Deno.openSync(path, { write: true, createNew: true, mode });
  try {
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    file.syncDataSync();
  } catch (error) {
    removeIfThere(path);
    throw error;
  }
}

function targetOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It could not even be made, which is what is told.
  }
}

export function statIfThere(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Makes a file in the folder and takes it away again; throws when that can't be done. */
export function tryToWrite(folder: string): void {
  const path = join(folder, `.immich-faceless-sync-check-${crypto.randomUUID()}`);
  const file = Deno.openSync(path, { write: true, createNew: true });
  try {
    file.writeSync(new Uint8Array(1)); // on a full disk making a file may well succeed
  } finally {
    file.close();
    Deno.removeSync(path);
  }
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

export const PART_IS_FILE = "a part of its path is a file, no folder";

/**
 * An operating-system error in words: Deno's message without the error number and without the
 * path, which the sentence around it names already.
 *
 * `Permission denied (os error 13): open '/x'` becomes `permission denied`.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Its own message asks for --allow-all, which nobody should give.
  if (error instanceof Deno.errors.NotCapable) return "this program is not allowed to";
  // Of making a folder: that it exists as a folder is no error.
  if (error instanceof Deno.errors.AlreadyExists) return PART_IS_FILE;
  const match = /^(.*?) \(os error \d+\)/s.exec(error.message);
  const words = match?.[1];
  if (words === undefined) return error.message || error.name;
  return words.charAt(0).toLowerCase() + words.slice(1).replace(/\.$/, "");
}

/**
 * The command by which a file of Windows is kept to its user and to SYSTEM, as which Task Scheduler
 * may run. File modes mean nothing there, and setting the rights takes a program of the system.
 */
export function icaclsFor(path: string): string {
  return `icacls "${path}" /inheritance:r /grant:r "%USERNAME%:F" "*S-1-5-18:F"`;
}
