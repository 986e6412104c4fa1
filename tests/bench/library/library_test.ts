import assert from "node:assert/strict";
import fc from "fast-check";
import { isUuid } from "../../emulator/ids.ts";
import { byCapture } from "../../emulator/capture_order.ts";
import { idOfSerial, serialOfId } from "./asset_ids.ts";
import { LazyWorld } from "./lazy_world.ts";
import { BARE_FACE, Library } from "./library.ts";
import { mix32, unmix32 } from "./mixing.ts";

const OPTIONS = { people: 200, strangers: 5, loneStrangers: false };

Deno.test("ids are v4 UUIDs that lead back to their serial number", () => {
  fc.assert(fc.property(fc.nat(0xffffffff), (serial) => {
    assert.equal(unmix32(mix32(serial)), serial);
    assert(isUuid(idOfSerial(serial)), idOfSerial(serial));
    assert.equal(serialOfId(idOfSerial(serial)), serial);
  }));
});

Deno.test("an id that is no asset's is not found", () => {
  const library = new Library({ ...OPTIONS, size: 100 });
  assert.equal(library.indexOf(library.idAt(42)), 42);
  const strangers = [idOfSerial(100), library.idAt(3).replace(/.$/, "x"), "", "no id"];
  for (const id of strangers) assert.equal(library.indexOf(id), -1, id);
});

Deno.test("the index is the place in capture order, ties by id", () => {
  const world = new LazyWorld({ ...OPTIONS, size: 5000 });
  const assets = Array.from({ length: 5000 }, (_, index) => world.assetAt(index));
  assert.deepEqual(assets.map(({ id }) => id), assets.toSorted(byCapture).map(({ id }) => id));
  assert.equal(new Set(assets.map(({ id }) => id)).size, 5000);
});

Deno.test("the library has the shares of people, bare faces, videos and hidden assets it should", () => {
  const size = 20_000;
  const library = new Library({ ...OPTIONS, size });
  const share = (is: (index: number) => boolean) =>
    Array.from({ length: size }, (_, index) => index).filter(is).length / size;
  const near = (found: number, expected: number) =>
    assert(Math.abs(found / expected - 1) < 0.15, `${found} instead of ${expected}`);
  near(share((index) => library.peopleAt(index).length > 0), 0.4);
  near(share((index) => library.has(index, BARE_FACE)), 0.01);
  near(share((index) => library.typeAt(index) === "VIDEO"), 0.1);
  near(share((index) => library.visibilityAt(index) === "archive"), 0.01);
  near(share((index) => library.trashedAt(index) !== null), 0.005);
  const seen = new Set(Array.from({ length: size }, (_, i) => library.peopleAt(i)).flat());
  assert.equal(seen.size, OPTIONS.people + OPTIONS.strangers);
});

Deno.test("whatever was changed, restore makes the library as it was", () => {
  const library = new Library({ ...OPTIONS, size: 3000 });
  const before = library.people.slice();
  for (let index = 0; index < 3000; index += 7) library.setPeople(index, [3, 1, 2]);
  assert.notDeepEqual(library.people, before);
  assert.deepEqual(library.peopleAt(7), [1, 2, 3]);
  library.restore();
  assert.deepEqual(library.people, before);
});

Deno.test("a million assets take less than 60 MB in columns", () => {
  const library = new Library({ ...OPTIONS, size: 1000 });
  const columns = [library.takenAt, library.createdAt, library.traits, library.people];
  const bytes = columns.reduce((sum, { byteLength }) => sum + byteLength, 0) / 1000 + 8;
  assert(bytes * 1_000_000 < 60e6, `${bytes} bytes an asset`);
});
