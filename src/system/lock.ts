import { join } from "node:path";
import { reasonOf } from "./files.ts";

export type LockResult =
  | { readonly state: "held"; readonly lock: Lock }
  /** Another process holds it. */
  | { readonly state: "busy" }
  /** No lock can be had here; whether to go on without is the caller's decision. */
  | { readonly state: "unavailable"; readonly reason: string };

export interface Lock extends Disposable {
  /** Lets the next run in. May be called twice. */
  release(): void;
}

/** On all systems but Windows. */
export const UNIX_LOCK_FOLDER = "/tmp";

/**
 * Where all runs of this machine look for locks: a folder common to all users, and not one that the
 * environment of a shell, a service or SYSTEM names differently (TMPDIR, TEMP).
 *
 * @param lookup value of an environment variable
 */
export function lockFolder(
  lookup: (name: string) => string | undefined,
  os: typeof Deno.build.os = Deno.build.os,
): string {
  if (os !== "windows") return UNIX_LOCK_FOLDER;
  const common = lookup("ProgramData");
  return common !== undefined && /^[a-z]:[\\/]/i.test(common) ? common : "C:\\ProgramData";
}

/**
 * Takes the lock for `key`, without waiting. The system lets go of it when the process ends,
 * however it ends, so a crash or `kill -9` never leaves a lock behind.
 *
 * The lock file stays: deleting it would race. Between our unlocking and deleting, a second run
 * may lock the file; a third one then finds no file, makes a new one, and both run. For the same
 * reason a cleaner of temporary files that deletes the file of a run under way lets another in.
 *
 * @param key What only one process at a time may work on. Only its hash is seen in the file name.
 * @param folder Where all runs look for it, see {@link lockFolder}.
 */
export async function acquireLock(key: string, folder: string): Promise<LockResult> {
  const path = await lockFilePath(key, folder);
  const first = tryToLock(path);
  if (first.state !== "busy") return first;
  // Somebody may only have looked, see isLocked().
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return tryToLock(path);
}

/** Far longer than a look at the lock takes. */
const LOOK_MS = 50;

function tryToLock(path: string): LockResult {
  let file: Deno.FsFile | undefined;
  try {
    file = openForAll(path);
    if (!file.tryLockSync(true)) {
      file.close();
      return { state: "busy" };
    }
    refuseOtherThanFile(path);
    if (!isAt(file, path)) throw new Error("it was replaced in the same moment");
    return { state: "held", lock: createLock(file) };
  } catch (error) {
    file?.close(); // tryLockSync threw: some network file systems have no locks
    return { state: "unavailable", reason: `cannot lock ${path}: ${reasonOf(error)}` };
  }
}

/**
 * Whether a process holds the lock for `key`; makes no file. To find out it is taken for an
 * instant, as one of many who may look at once; a run that begins in that instant tries again.
 */
export async function isLocked(
  key: string,
  folder: string,
): Promise<boolean | { readonly reason: string }> {
  const path = await lockFilePath(key, folder);
  try {
    refuseOtherThanFile(path);
    using file = Deno.openSync(path, { read: true });
    return !file.tryLockSync(false);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false; // there has been no run yet
    return { reason: `cannot look at ${path}: ${reasonOf(error)}` };
  }
}

/** The file that stands for `key`; the same for everyone who asks with the same folder. */
export async function lockFilePath(key: string, folder: string): Promise<string> {
  // Not node:crypto, which takes 50 ms to load in Deno 2.9.6.
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  const hash = new Uint8Array(digest).toHex().slice(0, 32);
  return join(folder, `immich-faceless-sync-${hash}.lock`);
}

function createLock(file: Deno.FsFile): Lock {
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    try {
      // Closing alone unlocks only when nobody else has the file open, as a process that is just
      // being started from this one has for a moment (seen in tests that start programs beside runs).
      file.unlockSync();
    } catch {
      // It is not locked any more, as seen on Windows: what was wanted. The run was good.
    }
    file.close();
  };
  return { release, [Symbol.dispose]: release };
}

/**
 * Opens a file that all users of the machine may lock, for which reading it is enough, and only who
 * made it may fill, whatever umask says. Nothing that is there already is written to.
 */
function openForAll(path: string): Deno.FsFile {
  refuseOtherThanFile(path);
  try {
    return Deno.openSync(path, { read: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  try {
    // Follows no link that somebody puts there now.
    Deno.openSync(path, { write: true, createNew: true, mode: 0o644 }).close();
    if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o644);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error; // by another run: just as well
  }
  return Deno.openSync(path, { read: true });
}

/** Whether the path still leads to the open file. */
export function isAt(file: Deno.FsFile, path: string): boolean {
  try {
    const [opened, found] = [file.statSync(), Deno.statSync(path)];
    // Windows does not always number its files.
    if (!opened.ino || !found.ino) return true;
    return opened.ino === found.ino && opened.dev === found.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Anyone can put a link or a pipe into /tmp: one would be followed, the other never opens. */
function refuseOtherThanFile(path: string): void {
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch {
    return; // not there yet, or not ours to see: opening it will say so
  }
  if (!info.isFile) throw new Error("it is not a regular file");
}
