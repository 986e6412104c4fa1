import { isAbsolute } from "node:path";

/**
 * The system's folder for temporary files.
 *
 * @param lookup Value of an environment variable, or undefined. Empty and relative values are
 *   passed over: a relative one would name another folder for each working folder.
 */
export function temporaryFolder(
  lookup: (name: string) => string | undefined,
  os: typeof Deno.build.os = Deno.build.os,
): string {
  const windows = os === "windows";
  // Each system's own order: GetTempPath of Windows asks TMP first, POSIX programs TMPDIR.
  const names = windows ? ["TMP", "TEMP"] : ["TMPDIR", "TMP", "TEMP"];
  const isUsable = windows ? isWindowsAbsolute : isAbsolute;
  const found = names.map(lookup).find((value) => value !== undefined && isUsable(value));
  if (found !== undefined) return found;
  if (!windows) return "/tmp";
  const profile = lookup("USERPROFILE");
  if (profile !== undefined && isWindowsAbsolute(profile)) {
    return `${profile}\\AppData\\Local\\Temp`;
  }
  return `${lookup("SystemRoot") || "C:\\Windows"}\\Temp`;
}

/** `C:\…` or `\\server\share`; `node:path` would answer for the system it runs on. */
function isWindowsAbsolute(path: string): boolean {
  return /^(?:[a-z]:[\\/]|\\\\)/i.test(path);
}
