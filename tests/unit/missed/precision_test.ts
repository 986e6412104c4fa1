// deno-lint-ignore-file no-console -- the figures are of use
import assert from "node:assert/strict";
import { serverOf } from "../../../src/immich/server.ts";
import { takeBest } from "../../../src/missed/find_missed.ts";
import { findNeighbours } from "../../../src/missed/neighbours.ts";
import { silentLog } from "../../support/immich_config.ts";
import { type MadeUpLibrary, makeUpLibrary } from "./made_up_library.ts";
import { MadeUpServer } from "./made_up_server.ts";

const WITHIN_MS = 10_000;
/** How many the page shows by default. */
const LIMIT = 500;
const FIRST = [50, 200, LIMIT] as const;

/** With the padding of its tables taken out. */
const README = Deno.readTextFileSync(new URL("../../../README.md", import.meta.url))
  .replace(/\s+/g, " ");

const libraries = [1, 2, 3, 4, 5].map((seed) => makeUpLibrary(seed));

/** Of the first so many rows of all libraries, which share does show somebody. */
async function precision(
  rowsOf: (library: MadeUpLibrary) => Promise<readonly number[]> | readonly number[],
): Promise<number[]> {
  const found = await Promise.all(libraries.map(async (library) => {
    const rows = await rowsOf(library);
    return rows.map((row) => library.truth[row] === true);
  }));
  return FIRST.map((first) => {
    const taken = found.flatMap((all) => all.slice(0, first));
    return taken.filter((isRight) => isRight).length / taken.length;
  });
}

/** `96, 77 and 51 %`, as the README has it. */
function percent(shares: readonly number[]): string {
  const [of50, of200, of500] = shares.map((share) => Math.round(share * 100));
  return `${of50}, ${of200} and ${of500} %`;
}

/** Prints it, and holds the README to it. */
function tell(line: string): void {
  console.log(line);
  assert.ok(README.includes(line), `missing in README.md: ${line}`);
}

/** What `missed` finds where the server tells as much as this version does. */
async function best(
  library: MadeUpLibrary,
  server: ReturnType<typeof serverOf>,
  what: "all reasons" | "neighbours",
): Promise<number[]> {
  const { table, faces, duplicates, alike } = library;
  const http = new MadeUpServer(library, what === "all reasons");
  const known = server.unassignedFaces
    ? faces
    : server.structuredSearch
    ? faces.map(({ row }) => ({ row, count: undefined, boxes: [] }))
    : [];
  const { candidates } = await takeBest(
    {
      aside: { http, server, log: silentLog, stop: new AbortController().signal, notes: [] },
      reader: {},
      withinMs: WITHIN_MS,
      limit: LIMIT,
      query: "",
      serverUrl: "",
    },
    table,
    table.inTime(),
    what === "all reasons"
      ? { faces: known, duplicates, stacks: [], alike }
      : { faces: [], duplicates: [], stacks: [], alike: [] },
  );
  http.close();
  const rows = table.find(candidates.map(({ id }) => id));
  return candidates.map(({ id }) => rows.get(id) ?? -1);
}

/** What is asked of each generation, and how good the first 50 and 200 have to be. */
const GENERATIONS = [
  { name: "2.x", server: serverOf(2, 7, 5), all: [0.9, 0.7], neighbours: [0.95, 0.6] },
  { name: "3.0 and 3.1", server: serverOf(3, 1, 0), all: [0.9, 0.55], neighbours: [0.9, 0.4] },
  { name: "3.2", server: serverOf(3, 2, 0), all: [0.9, 0.55], neighbours: [0.9, 0.4] },
] as const;

Deno.test("in made-up libraries most of the first candidates do show somebody", async () => {
  const nearest = await precision(({ table }) =>
    [...findNeighbours(table, table.inTime(), WITHIN_MS)]
      .sort((a, b) => Math.abs(a.distance) - Math.abs(b.distance)).map(({ row }) => row)
  );
  const candidates = libraries.flatMap(({ table, truth }) =>
    [...truth.keys()].filter((row) => table.isCandidate(row)).map((row) => truth[row] === true)
  );
  const atRandom = candidates.filter((isRight) => isRight).length / candidates.length;
  for (const { name, server, ...least } of GENERATIONS) {
    const all = await precision((library) => best(library, server, "all reasons"));
    const neighbours = await precision((library) => best(library, server, "neighbours"));
    tell(`| ${name} | ${percent(all)} | ${percent(neighbours)} |`);
    for (const i of [0, 1] as const) {
      assert.ok((all[i] ?? 0) >= least.all[i] && (neighbours[i] ?? 0) >= least.neighbours[i]);
    }
    assert.ok((neighbours[1] ?? 0) > 2.5 * (nearest[1] ?? 1));
    assert.ok((all[1] ?? 0) > 5 * atRandom);
  }
  tell(`With only the nearest neighbour first it would be ${percent(nearest)}`);
  tell(`picked at random ${Math.round(100 * atRandom)} %`);
});
