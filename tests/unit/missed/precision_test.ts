// deno-lint-ignore-file no-console -- the figures are of use
import assert from "node:assert/strict";
import { rank } from "../../../src/missed/candidates.ts";
import { type MadeUpLibrary, makeUpLibrary } from "./made_up_library.ts";

const SEEDS = [1, 2, 3, 4, 5];

/** The share of the first rows that do show somebody, over all made-up libraries. */
function precision(
  libraries: readonly MadeUpLibrary[],
  rowsOf: (library: MadeUpLibrary) => readonly number[],
  first: number,
): number {
  const taken = libraries.flatMap((library) =>
    rowsOf(library).slice(0, first).map((row) => library.truth[row] === true)
  );
  return taken.filter((isRight) => isRight).length / taken.length;
}

const ranked = ({ table, finds }: MadeUpLibrary) => rank(table, finds).map(({ row }) => row);
const onlyNeighbours = ({ table, onlyNeighbours: finds }: MadeUpLibrary) =>
  rank(table, finds).map(({ row }) => row);
const byDistance = ({ onlyNeighbours: { neighbours } }: MadeUpLibrary) =>
  neighbours.toSorted((a, b) => Math.abs(a.distance) - Math.abs(b.distance)).map(({ row }) => row);
const anyhow = ({ table }: MadeUpLibrary) =>
  Array.from({ length: table.size }, (_, row) => row).filter((row) => table.isCandidate(row));

Deno.test("in made-up libraries most of the first candidates do show somebody", () => {
  const libraries = SEEDS.map((seed) => makeUpLibrary(seed));
  const figures = [
    ["all reasons", ranked],
    ["neighbours only", onlyNeighbours],
    ["the nearest neighbour first", byDistance],
    ["any asset without people", anyhow],
  ] as const;
  const shares = figures.map(([name, rowsOf]) => {
    const [first50 = 0, first200 = 0] = [50, 200].map((n) => precision(libraries, rowsOf, n));
    const percent = (share: number) => `${Math.round(share * 100)} %`;
    console.log(`${name}: of the first 50 ${percent(first50)}, 200 ${percent(first200)}`);
    return { first50, first200 };
  });
  const [all, neighbours, nearest, any] = shares;
  assert.ok(all && neighbours && nearest && any);
  assert.ok(all.first50 >= 0.9 && all.first200 >= 0.7);
  assert.ok(neighbours.first50 >= 0.95 && neighbours.first200 >= 0.6);
  assert.ok(neighbours.first200 > 3 * nearest.first200 && all.first200 > 5 * any.first200);
});
