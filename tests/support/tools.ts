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
