/** A path of this machine as the program under test tells it: to Wine, `/tmp/x` is `Z:\tmp\x`. */
export function asTold(path: string): string {
  const isWine = Deno.env.get("PROGRAM_SYSTEM") === "wine";
  if (!isWine && Deno.build.os !== "windows") return path;
  return `${isWine ? "Z:" : ""}${path.replaceAll("/", "\\")}`;
}
