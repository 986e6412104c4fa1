import assert from "node:assert/strict";
import fc from "fast-check";
import { IdSet } from "../../../src/immich/id_set.ts";
import { inAddingOrder, isRest } from "../../../src/sync/adding_order.ts";

/** Ids that are as random as Immich's, or counted up. */
const idKind = fc.constantFrom("random", "counted");

function makeIds(count: number, kind: string): string[] {
  return Array.from(
    { length: count },
    (_, index) =>
      kind === "random"
        ? crypto.randomUUID()
        : `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
  );
}

Deno.test("inAddingOrder() keeps every id, and puts them in one order however they come", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 50 }), (ids) => {
    const ordered = [...inAddingOrder(new Set(ids))];
    assert.deepEqual(ordered.toSorted(), ids.toSorted());
    assert.deepEqual([...inAddingOrder(new IdSet(ids.toReversed()))], ordered);
  }));
});

Deno.test("isRest() knows a sync that was cut short anywhere, also with some uploads since", () => {
  fc.assert(
    fc.property(idKind, fc.integer({ min: 1, max: 200 }), fc.nat(20), (kind, done, uploads) => {
      const ids = [...inAddingOrder(new IdSet(makeIds(300 + uploads, kind)))];
      const [old, since] = [ids.filter((_, i) => i % 15 !== 7), ids.filter((_, i) => i % 15 === 7)];
      assert.equal(
        isRest(new Set([...old.slice(done), ...since]), new Set(old.slice(0, done))),
        true,
      );
    }),
    { numRuns: 200 },
  );
});

Deno.test("isRest() knows it although some assets were in the album before", () => {
  fc.assert(
    fc.property(idKind, fc.integer({ min: 20, max: 250 }), fc.nat(10), (kind, done, before) => {
      const ids = [...inAddingOrder(new IdSet(makeIds(300, kind)))];
      const members = new Set([...ids.slice(0, done), ...ids.slice(-before - 1)]);
      assert.equal(isRest(new Set(ids.filter((id) => !members.has(id))), members), true);
    }),
    { numRuns: 200 },
  );
});

Deno.test("isRest() does not take a reset of face recognition for it, whatever the ids are", () => {
  fc.assert(
    fc.property(idKind, fc.constantFrom("before", "after", "among"), (kind, portraits) => {
      const ids = makeIds(400, kind);
      const isPortrait = {
        before: (index: number) => index < 250,
        after: (index: number) => index >= 150,
        among: (index: number) => index % 8 < 5,
      }[portraits];
      const members = new Set(ids.filter((_, index) => !isPortrait(index)));
      assert.equal(isRest(new Set(ids.filter((_, index) => isPortrait(index))), members), false);
    }),
    { numRuns: 100 },
  );
});

Deno.test("isRest() tells nothing where the members are not known", () => {
  assert.equal(isRest(new Set(["a"]), undefined), false);
});
