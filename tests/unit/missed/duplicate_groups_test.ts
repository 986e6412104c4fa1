import assert from "node:assert/strict";
import fc from "fast-check";
import { DuplicateGroups } from "../../../src/missed/duplicate_groups.ts";

/** Few, so that they repeat, and alike in all but one number. */
const id = fc.tuple(fc.nat(3), fc.nat(8)).map(([place, n]) => {
  const parts = ["00000000", "0000-4000", "8000-0000", "00000000"];
  parts[place] = (parts[place] ?? "").replace(/^./, n.toString(16));
  const [first = "", second = "", third = "", last = ""] = parts;
  return `${first}-${second}-${third}${last}`;
});

Deno.test("rows with the same duplicateId are a group, one alone is none", () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 200 }), (ids) => {
      const groups = new DuplicateGroups();
      const plain = new Map<string, number[]>();
      for (const [index, one] of ids.entries()) {
        groups.add(one, index * 3);
        plain.set(one, [...plain.get(one) ?? [], index * 3]);
      }
      const sorted = (all: Iterable<number[]>) => [...all].sort(([a = 0], [b = 0]) => a - b);
      const expected = [...plain.values()].filter(({ length }) => length > 1);
      assert.deepEqual(sorted(groups), sorted(expected));
    }),
  );
  const groups = new DuplicateGroups();
  for (const row of [1, 2]) groups.add("no UUID", row);
  assert.deepEqual([...groups], []);
});
