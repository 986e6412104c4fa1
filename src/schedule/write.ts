import { join } from "node:path";
import { ExplainedError } from "../errors.ts";
import type { ScheduleFile } from "./job.ts";
import { createFile, reasonOf, removeIfThere } from "../system/files.ts";

export interface Written {
  readonly path: string;
  /** False when it was there already, with this content. */
  readonly isNew: boolean;
}

/**
 * Writes all of the files or, when one of them can't be written or would replace another, none.
 *
 * @param folder is made if it is missing
 * @throws ExplainedError
 */
export function writeFiles(folder: string, files: readonly ScheduleFile[]): Written[] {
  const planned = files.map((file) => {
    const [path, bytes] = [join(folder, file.name), bytesOf(file)];
    return { path, bytes, isNew: !isThere(path, bytes) };
  });
  const created: string[] = [];
  for (const { path, bytes, isNew } of planned) {
    if (!isNew) continue;
    try {
      Deno.mkdirSync(folder, { recursive: true });
      createFile(path, bytes, 0o644);
      created.push(path);
    } catch (error) {
      created.forEach(removeIfThere);
      throw new ExplainedError(
        "WriteError",
        `Cannot write ${path}: ${reasonOf(error)}.`,
        "Use --write to name a writable folder with free space.",
        { cause: error },
      );
    }
  }
  return planned.map(({ path, isNew }) => ({ path, isNew }));
}

/** @throws ExplainedError when there is something else in its place */
function isThere(path: string, bytes: Uint8Array): boolean {
  let present: Uint8Array | undefined;
  try {
    if (Deno.lstatSync(path).isFile) present = Deno.readFileSync(path);
  } catch {
    return false; // nothing is there; or it can't be looked at, which writing will say
  }
  if (present?.length === bytes.length && present.every((byte, i) => byte === bytes[i])) {
    return true;
  }
  throw new ExplainedError(
    "FileExistsError",
    `${path} exists with different content, so it was left unchanged.`,
    "Look at it and delete it, or name another folder with --write.",
  );
}

function bytesOf({ content, encoding }: ScheduleFile): Uint8Array {
  if (encoding === undefined) return new TextEncoder().encode(content);
  // Windows' own: a byte order mark, and line ends of two characters.
  const text = `\ufeff${content.replaceAll("\n", "\r\n")}`;
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), true);
  return bytes;
}
