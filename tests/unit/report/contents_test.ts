import assert from "node:assert/strict";
import { idsInTurn, listsOf, MOST_SHOWN } from "../../../src/report/contents.ts";
import { summaryOfWrongUsage } from "../../../src/sync/summary.ts";

const SUMMARY = summaryOfWrongUsage({ name: "", message: "", hint: "" }, false);
const ids = (prefix: string, count: number) =>
  new Set(Array.from({ length: count }, (_, index) => `${prefix}${index}`));

Deno.test("an asset that could not be changed is in the list of failures only", () => {
  const lists = listsOf({
    summary: { ...SUMMARY, failed: [{ id: "a1", action: "add", error: "no_permission" }] },
    plan: { add: ids("a", 3), remove: ids("r", 1) },
    heldBack: ids("h", 2),
  });
  assert.deepEqual(
    lists.map(({ kind, total, shown }) => [kind, total, shown.map(({ id }) => id)]),
    [
      ["failed", 1, ["a1"]],
      ["add", 2, ["a0", "a2"]],
      ["remove", 1, ["r0"]],
      ["heldBack", 2, ["h0", "h1"]],
    ],
  );
});

Deno.test("of a long list the first are shown and all are counted", () => {
  const plan = { add: ids("a", 100_000), remove: new Set<string>() };
  const [, added] = listsOf({ summary: SUMMARY, plan, heldBack: new Set() });
  assert.deepEqual([added?.total, added?.shown.length], [100_000, MOST_SHOWN]);
});

Deno.test("the lists take turns, so that what runs out runs out for all of them", () => {
  const plan = { add: ids("a", 3), remove: ids("r", 1) };
  const lists = listsOf({ summary: SUMMARY, plan, heldBack: ids("h", 2) });
  assert.deepEqual(idsInTurn(lists), ["a0", "r0", "h0", "a1", "h1", "a2"]);
});
