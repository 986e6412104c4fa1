import assert from "node:assert/strict";
import { LEFT_OUT } from "../support/left_out.ts";

const TESTS = new URL("../", import.meta.url);

function sources(folder: URL): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sources(new URL(`${name}/`, folder));
    if (!name.endsWith(".ts") || name === "left_out.ts") return [];
    return [Deno.readTextFileSync(new URL(name, folder))];
  });
}

Deno.test("what is left out on a system is a test that there is", () => {
  const all = sources(TESTS).join("\n");
  const literals = new Set([...all.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, text]) => text));
  const patterns = [...all.matchAll(/`([^`\n]*\$\{[^`\n]*)`/g)].map(([, template = ""]) =>
    new RegExp(`^${template.split(/\$\{[^}]*\}/).map((part) => RegExp.escape(part)).join(".+")}$`)
  ).filter((pattern) => pattern.source.replaceAll(".+", "").length > 20);
  for (const [system, reasons] of Object.entries(LEFT_OUT)) {
    for (const name of Object.values(reasons).flat()) {
      const isThere = literals.has(name) || patterns.some((pattern) => pattern.test(name));
      assert.ok(isThere, `${system}: there is no test "${name}"`);
    }
  }
});
