import assert from "node:assert/strict";
import fc from "fast-check";
import { editDistance, nearestName } from "../../../src/config/misspelt.ts";
import { environmentNames } from "../../../src/config/variables.ts";

const cases: [name: string, meant: string | undefined][] = [
  ["IMMICH_ULR", "IMMICH_URL"],
  ["immich_url", "IMMICH_URL"],
  ["IMMICHURL", "IMMICH_URL"],
  ["IMMICH-URL", "IMMICH_URL"],
  ["API_KYE", "API_KEY"],
  ["APIKEY", "API_KEY"],
  ["EMAIL_PASWORD_FILE", "EMAIL_PASSWORD_FILE"],
  ["ENABLE_EMAIL_ON_EROR", "ENABLE_EMAIL_ON_ERROR"],
  ["LANG", undefined],
  ["LOGNAME", undefined],
  ["PATH", undefined],
  ["EMAIL_CC", undefined],
  ["MAX_AGE", undefined],
  ["IMMICH_VERSION", undefined],
  ["IMMICH_PORT", undefined],
];

for (const [name, meant] of cases) {
  Deno.test(`${name} is taken for ${meant ?? "nothing of ours"}`, () => {
    assert.equal(nearestName(name, environmentNames), meant);
  });
}

Deno.test("no name of ours is taken for another one of ours", () => {
  for (const name of environmentNames) assert.equal(nearestName(name, environmentNames), name);
});

Deno.test("editDistance() counts two swapped letters once", () => {
  assert.equal(editDistance("URL", "ULR", 2), 1);
  assert.equal(editDistance("kitten", "sitting", 3), 3);
});

Deno.test("editDistance() is symmetric, and never over its limit", () => {
  const word = fc.string({ unit: fc.constantFrom("A", "B", "_"), maxLength: 6 });
  fc.assert(fc.property(word, word, fc.nat(3), (a, b, limit) => {
    const distance = editDistance(a, b, limit);
    assert.equal(distance, editDistance(b, a, limit));
    assert.equal(distance === 0, a === b);
    assert.ok(distance <= limit || distance === Infinity);
  }));
});
