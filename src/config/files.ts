/** Bounded, synchronous reading of the small files that make up a configuration. */

import { shown } from "./parsed.ts";

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

/** A warning when other users can read the file; `mode` as in {@link FileContent}. */
export function readableByOthers(
  path: string,
  mode: number | null,
  what: string,
): string | undefined {
  if (mode === null || (mode & 0o077) === 0) return undefined;
  return `${shown(path)} can be read by other users (mode ${mode.toString(8)}) and ${what}: ` +
    "make it your own with chmod 600";
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
