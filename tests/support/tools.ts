/** Programs of the system that some tests ask; they are left out where there is none. */

export async function hasCommand(name: string): Promise<boolean> {
  if (Deno.build.os === "windows") return false;
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `command -v "$0"`, name],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** For the name of a test that needs it. */
export function leftOut(isThere: boolean, what: string): string {
  return isThere ? "" : ` (left out: there is no ${what} here)`;
}

/**
 * The python3 that some tests ask; undefined where there is none. The interpreter itself: a shim is
 * slow to start, and without a PATH, as the program is started, it would not be found.
 */
export const PYTHON = Deno.build.os === "windows" ? undefined : findPython();

function findPython(): string | undefined {
  try {
    const { success, stdout } = new Deno.Command("python3", {
      args: ["-c", "import pty, sys; print(sys.executable)"],
    }).outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined; // there is none
  }
}
