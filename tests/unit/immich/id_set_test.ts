import assert from "node:assert/strict";
import fc from "fast-check";
import { IdSet } from "../../../src/immich/id_set.ts";

/** Few ids and near ones, so that they repeat and collide. */
const id = fc.oneof(
  fc.uuid(),
  fc.nat(300).map((n) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`),
  fc.nat(300).map((n) => `${n.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`),
);

Deno.test("an IdSet holds what a Set of the same ids holds, in the same order", () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 3000, size: "max" }), fc.array(id), (ids, others) => {
      const plain = new Set<string>();
      const set = new IdSet();
      for (const one of ids) {
        assert.equal(set.add(one), !plain.has(one));
        plain.add(one);
      }
      assert.equal(set.size, plain.size);
      assert.deepEqual([...set], [...plain]);
      for (const [place, one] of [...plain].entries()) assert.equal(set.at(place), one);
      for (const one of [...ids, ...others]) assert.equal(set.has(one), plain.has(one));
    }),
    { numRuns: 100 },
  );
});

Deno.test("an IdSet of 200,000 counted ids finds each of them, and no other", () => {
  const nth = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
  const set = new IdSet();
  for (let n = 0; n < 200_000; n++) set.add(nth(2 * n));
  assert.equal(set.size, 200_000);
  for (let n = 0; n < 200_000; n++) assert.ok(set.has(nth(2 * n)) && !set.has(nth(2 * n + 1)));
});

Deno.test("an IdSet takes upper case for lower case, and nothing that is no UUID", () => {
  const lower = "abcdef01-2345-4789-8bcd-ef0123456789";
  const set = new IdSet([lower.toUpperCase()]);
  assert.ok(set.has(lower));
  assert.deepEqual([...set], [lower]);
  for (
    const wrong of ["", "x", lower.slice(1), `${lower}0`, lower.replace("a", "g"), "../".repeat(12)]
  ) {
    assert.equal(set.has(wrong), false);
    assert.throws(() => set.add(wrong), TypeError);
  }
  assert.equal(set.has(lower.replaceAll("-", "0")), false);
});
