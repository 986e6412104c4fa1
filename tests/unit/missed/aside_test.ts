import assert from "node:assert/strict";
import { serverOf } from "../../../src/immich/server.ts";
import { mostAsked } from "../../../src/missed/aside.ts";

Deno.test("of single assets as much is asked as the README says, and more in proportion of a larger library", () => {
  const most = (assets: number) =>
    [serverOf(2, 7, 5), serverOf(3, 1, 0), serverOf(3, 2, 0)]
      .map((server) => mostAsked(server, assets));
  assert.deepEqual(most(0), [200, 200, 100]);
  assert.deepEqual(most(100_000), [200, 200, 100]);
  assert.deepEqual(most(250_000), [500, 500, 250]);
});
