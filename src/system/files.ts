import { dirname } from "node:path";

/**
 * Writes a file so that either the old content is there or the new one, whole and on the disk,
 * whenever the process or the machine ends. Makes missing folders. A link stays: what it leads to
 * is replaced.
 *
 * @param mode of the new file; cut by the umask
 */
export function replaceFile(path: string, text: string, mode: number): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  const target = targetOf(path);
  const temporary = `${target}.${crypto.randomUUID()}.tmp`;
  try {
    writeNew(temporary, new TextEncoder().encode(text), mode);
    Deno.renameSync(temporary, target);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
}

function writeNew(path: string, bytes: Uint8Array, mode: number): void {
  using file = Deno.openSync(path, { write: true, createNew: true, mode });
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
  file.syncDataSync();
}

function targetOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It could not even be made, which is what is told.
  }
}
