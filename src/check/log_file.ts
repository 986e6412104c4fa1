import { dirname } from "node:path";
import type { LogConfig } from "../system/log_format.ts";
import { type Finding, ok, warning } from "./finding.ts";
import { isDevice, reasonOf, tryToWrite } from "../system/files.ts";

/**
 * Whether a run could write its log. The log itself is not touched; in its folder, where rotation
 * needs to make files, one is made and taken away again.
 */
export function checkLogFile({ path }: LogConfig): Finding {
  try {
    if (isDevice(path)) {
      return ok("log file", `${path} is a device: no log is kept, the console has it`);
    }
    const info = statOf(path);
    if (info?.isFile) Deno.openSync(path, { append: true }).close();
    if (info?.isDirectory) throw new Error("it is a folder");
    const folder = nearestFolder(dirname(path));
    tryToWrite(folder);
    const what = info !== undefined
      ? "can be written"
      : folder === dirname(path)
      ? "will be made by the first run"
      : "will be made by the first run, with its folder";
    return ok("log file", `${path} ${what}`);
  } catch (error) {
    return warning(
      "log file",
      `${path} can't be written or not be rotated: ${
        reasonOf(error)
      }; a run goes on with console output only`,
      "Set LOG_FILE_PATH to a file in a folder that can be written, or give this user the right to write there.",
    );
  }
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The folder itself, or the one in which the missing folders would be made. */
function nearestFolder(folder: string): string {
  const info = statOf(folder);
  if (info?.isDirectory) return folder;
  if (info !== undefined) throw new Error("a part of its path is a file, no folder");
  const parent = dirname(folder);
  if (parent === folder) throw new Error("there is no such drive");
  return nearestFolder(parent);
}
