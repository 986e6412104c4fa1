import assert from "node:assert/strict";
import { AssetTable } from "../../../src/missed/asset_table.ts";
import {
  findNeighbours,
  type Neighbourhood,
  takeStrongest,
} from "../../../src/missed/neighbours.ts";
import { IdSource, seededRandom } from "../../emulator/ids.ts";
import { tableOf } from "./table_of.ts";

function neighboursIn(row: string, within = 10): Neighbourhood[] {
  const { table, inTime } = tableOf(row);
  return [...findNeighbours(table, inTime, within * 1000)];
}

/** The strength of the only candidate. */
function strength(row: string): number {
  const [found, ...others] = neighboursIn(row);
  assert.ok(found !== undefined && others.length === 0, row);
  return found.strength;
}

Deno.test("a neighbour is the nearest one with people, before or after, no further than asked", () => {
  const [found] = neighboursIn("0+ 6- 9+ 30+");
  assert.deepEqual({ ...found, strength: 0 }, {
    row: 1,
    nearest: 2,
    distance: -3000,
    shown: 2,
    of: 2,
    strength: 0,
  });
  assert.equal(neighboursIn("0+ 10-").length, 1);
  assert.equal(neighboursIn("0+ 10.001-").length, 0);
  assert.equal(neighboursIn("0+ 10.001-", 11).length, 1);
  assert.equal(neighboursIn("0- 1- 2-").length, 0);
});

Deno.test("the middle of a burst is before a lone neighbour, that before the middle of a panorama", () => {
  const order = ["0+ 1+ 2- 3+ 4+", "0+ 1- 2+", "0+ 1-", "0+ 5- 10+", "0+ 5-", "0+ 10-"];
  const strengths = order.map(strength);
  assert.deepEqual(strengths, strengths.toSorted((a, b) => b - a));
  const panorama = neighboursIn("0+ 2- 3- 4- 5- 6- 8+");
  const middle = panorama.find(({ row }) => row === 3);
  assert.ok(middle !== undefined && middle.strength < strength("0+ 5-"));
});

Deno.test("assets of one and the same time are neighbours, unless they are too many for a moment", () => {
  assert.equal(neighboursIn("0+ 0- 0+").length, 1);
  // All of them or none, wherever their ids have put them.
  for (const [pairs, found] of [[6, 6], [7, 0], [10, 0], [11, 0], [20, 0]] as const) {
    assert.equal(neighboursIn(Array(pairs).fill("0+ 0-").join(" ")).length, found, `${pairs}`);
  }
  assert.equal(neighboursIn(Array(12).fill("0+").join(" ") + " 0-").length, 0);
});

Deno.test("an asset of another camera is no neighbour", () => {
  const { table, inTime } = tableOf("0+ 1- 2+");
  assert.deepEqual([...findNeighbours(table, inTime, 10_000, () => true)], []);
  const [found] = findNeighbours(table, inTime, 10_000, (_, other) => other === 0);
  assert.deepEqual([found?.nearest, found?.shown, found?.of], [2, 1, 1]);
});

Deno.test("the table gives back what was put into it, in the order of time, and finds ids", () => {
  const random = seededRandom(3);
  const ids = new IdSource(3);
  const table = new AssetTable();
  const assets = Array.from({ length: 70_000 }, (_, index) => ({
    id: ids.next(),
    ownerId: "",
    type: index % 3 === 0 ? "VIDEO" : "IMAGE",
    visibility: "timeline" as const,
    isTrashed: false,
    fileCreatedAt: Math.floor(random() * 50_000),
    createdAt: 0,
    people: [],
    originalFileName: `Straße ${index} 写真.jpg`,
    localDateTime: new Date(3_600_000).toISOString(),
  }));
  for (const asset of assets) {
    table.add(
      { ...asset, localDateTime: new Date(asset.fileCreatedAt + 7_200_000).toISOString() },
      {
        isCandidate: true,
        shown: undefined,
      },
    );
  }
  for (const row of [0, 1, 65_535, 65_536, 69_999]) {
    const asset = assets[row];
    assert.deepEqual(table.row(row), {
      id: asset?.id,
      fileName: asset?.originalFileName,
      takenAt: asset?.fileCreatedAt,
      localTime: (asset?.fileCreatedAt ?? 0) + 7_200_000,
      isVideo: asset?.type === "VIDEO",
    });
  }
  const times = [...table.inTime()].map((row) => table.takenAt(row));
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  const wanted = [assets[5]?.id ?? "", ids.next(), assets[69_000]?.id ?? ""];
  assert.deepEqual([...table.find(wanted).values()], [5, 69_000]);
});

Deno.test("the table tells who is shown, and whether anybody is whom it can't tell", () => {
  const ids = new IdSource(5);
  const table = new AssetTable();
  const [anna, ben, carla] = ["Anna", "Ben", "Carla"].map((name) => ({ id: ids.next(), name }));
  assert.ok(anna && ben && carla);
  const shown = [undefined, [anna], [], [carla, ben, anna], undefined, [ben], [ben]];
  for (const who of shown) {
    table.add({
      id: ids.next(),
      ownerId: "",
      type: "IMAGE",
      visibility: "timeline",
      isTrashed: false,
      fileCreatedAt: 0,
      createdAt: 0,
      people: [],
    }, { isCandidate: who === undefined, shown: who });
  }
  for (const [row, who] of shown.entries()) {
    assert.deepEqual(table.shown(row), who ?? []);
    assert.equal(table.showsSomebody(row), who !== undefined);
    assert.equal(table.isCandidate(row), who === undefined);
  }
});

Deno.test("a million assets in a row take no longer than one pass", () => {
  const ids = new IdSource(1);
  const table = new AssetTable();
  for (let index = 0; index < 200_000; index++) {
    table.add({
      id: ids.next(),
      ownerId: "",
      type: "IMAGE",
      visibility: "timeline",
      isTrashed: false,
      fileCreatedAt: index,
      createdAt: 0,
      people: [],
    }, { isCandidate: index % 2 === 0, shown: index % 2 === 0 ? undefined : [] });
  }
  const started = performance.now();
  const all = findNeighbours(table, table.inTime(), 10_000);
  const { neighbours, weakNeighbours } = takeStrongest(all, new Set([0, 198]), 50);
  assert.deepEqual([neighbours.length, weakNeighbours], [52, 99_948]);
  assert.ok(performance.now() - started < 5000);
});
