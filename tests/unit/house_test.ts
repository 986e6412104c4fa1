/** The order of the house: arrows point down, none runs in a circle, every name stands once. */
import assert from "node:assert/strict";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

/** From the top down. A file may import from its own floor and from those below it. */
const FLOORS: readonly (readonly string[])[] = [
  ["main"],
  ["program"],
  ["wrong_usage"],
  ["cli"],
  ["help", "commands"],
  ["init"],
  ["check"],
  ["missed", "notify", "schedule"],
  ["report"],
  ["sync"],
  ["immich"],
  ["config"],
  ["system"],
  ["errors", "exit_code", "text", "version"],
];

/** What follows `from` or stands in `import(…)`, type imports included. */
const IMPORTED = /(?:\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g;

function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory ? filesIn(path) : entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** What each file of `src` imports of `src`, by paths relative to it. */
const imports: ReadonlyMap<string, readonly string[]> = new Map(
  filesIn(SRC).map((path) => [
    relative(SRC, path).replaceAll("\\", "/"),
    [...Deno.readTextFileSync(path).matchAll(IMPORTED)]
      .map(([, to = ""]) => relative(SRC, join(dirname(path), to)).replaceAll("\\", "/"))
      .filter((to) => !to.startsWith("..")),
  ]),
);

function floorOf(file: string): number {
  const room = file.includes("/") ? file.replace(/\/.*/, "") : file.replace(/\.ts$/, "");
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room));
  assert.notEqual(floor, -1, `src/${file} has no floor: give "${room}" one in this test`);
  return floor;
}

/** A way back to the file, if there is one. */
function circleAt(start: string): readonly string[] | undefined {
  const seen = new Set<string>();
  const walk = (file: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of imports.get(file) ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, [start]);
}

Deno.test("imports in src point down the house only", () => {
  const up = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => floorOf(target) < floorOf(file))
      .map((target) => `src/${file} imports src/${target}, which stands above it`)
  );
  assert.deepEqual(up, []);
});

Deno.test("no import in src leads back to its own file, type imports included", () => {
  const circles = [...imports.keys()].flatMap((file) => {
    const circle = circleAt(file);
    // Told once, by the first of its files.
    return circle !== undefined && file === [...circle].sort()[0] ? [circle.join(" → ")] : [];
  });
  assert.deepEqual(circles, []);
});

Deno.test("a file name occurs once in src, but for the verbs of commands/", () => {
  const byName = Map.groupBy(
    [...imports.keys()].filter((file) => !file.startsWith("commands/")),
    (file) => basename(file),
  );
  const twice = [...byName.values()].filter((files) => files.length > 1);
  assert.deepEqual(twice, []);
});
