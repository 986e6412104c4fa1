import assert from "node:assert/strict";
import type { AssetDetails } from "../../../src/immich/asset_details.ts";
import { REPORT_MARK } from "../../../src/report/frame.ts";
import { renderReport } from "../../../src/report/page.ts";
import { listsOf } from "../../../src/report/contents.ts";
import { summaryOfWrongUsage } from "../../../src/sync/summary.ts";

const BASE = summaryOfWrongUsage({ name: "", message: "", hint: "" }, false);
const ids = (prefix: string, count: number) =>
  new Set(Array.from({ length: count }, (_, index) => `${prefix}${index}`));

/** The page of a run that was to add and remove so many. */
function render(
  changes: Partial<typeof BASE>,
  { add = 0, remove = 0, details = new Map<string, AssetDetails>() } = {},
): string {
  const summary = { ...BASE, status: "ok", exitCode: 0, error: null, ...changes } as const;
  const plan = { add: ids("a", add), remove: ids("r", remove) };
  return renderReport({
    summary,
    startedAt: new Date("2026-11-22T10:00:00Z"),
    version: "0.1.0",
    lists: listsOf({ summary, plan, heldBack: new Set() }),
    details,
    pictures: new Map(),
    notes: [],
  }, (text) => text);
}

function headings(html: string): string[] {
  return [...html.matchAll(/<h[12][^>]*>([^]*?)<\/h[12]>/g)]
    .map(([, inner = ""]) => inner.replace(/<[^>]*>/g, ""));
}

Deno.test("the headings say what was done, or only would be", () => {
  const cases = [
    [{ dryRun: true }, ["3 to add, 2 to remove", "Would be added 3", "Would be removed 2"]],
    [{ added: 3, removed: 2 }, ["3 added, 2 removed", "Added 3", "Removed 2"]],
    [
      {
        status: "failed",
        exitCode: 1,
        added: 2,
        error: { name: "ServerError", message: "It broke.", hint: "Look." },
      },
      ["The sync failed: 2 added, 0 removed", "It broke.", "To be added 3", "To be removed 2"],
    ],
    [
      {
        status: "failed",
        exitCode: 130,
        error: { name: "Interrupted", message: "Stopped.", hint: "" },
      },
      ["The sync was stopped", "Stopped.", "To be added 3", "To be removed 2"],
    ],
  ] as const;
  for (const [changes, expected] of cases) {
    assert.deepEqual(headings(render(changes, { add: 3, remove: 2 })), expected);
  }
  assert.deepEqual(headings(render({ dryRun: true }))[0], "Nothing to change");
  assert.deepEqual(headings(render({}))[0], "Nothing had to change");
});

Deno.test("a run that ended early says how many of its lists had been done", () => {
  const html = render({ status: "failed", exitCode: 1, added: 2 }, { add: 3, remove: 2 });
  assert.match(html, /not in it\. When the run ended, 2 of them had been\./);
  assert.match(html, /nothing is deleted\. When the run ended, 0 of them had been\./);
});

Deno.test("a run that failed before it knew anything shows no numbers", () => {
  const html = render({
    status: "failed",
    exitCode: 1,
    error: { name: "ConnectionError", message: "No way.", hint: "Check it." },
  });
  assert.doesNotMatch(html, /<dl|<nav|<section/);
  assert.match(html, /No way\.[^]*Check it\./);
});

Deno.test("people without a name are counted, and of many people some are named", () => {
  const people = [...ids("P", 9), "", " "];
  const r0 = { fileName: "r", takenAt: 0, isVideo: false, visibility: "timeline", people };
  const html = render({ dryRun: true }, { remove: 1, details: new Map([["r0", r0]]) });
  const [, list = ""] = html.match(/<ul class="who"[^>]*>(.*?)<\/ul>/) ?? [];
  assert.deepEqual(list.match(/[^<>]+(?=<\/bdi>)/g), [
    ...ids("P", 8),
    "2 unnamed people",
    "1 more",
  ]);
});

Deno.test("the mark by which a report may be replaced is where it is looked for", () => {
  assert.ok(render({}).slice(0, 1024).includes(REPORT_MARK));
});

Deno.test("texts of any length leave the page smaller than its limit", () => {
  const people = Array.from({ length: 50 }, () => "<".repeat(120));
  const asset = { fileName: "&".repeat(120), takenAt: 0, isVideo: false, visibility: "x", people };
  const all = [...ids("a", 200), ...ids("r", 200)];
  const details = new Map(all.map((id) => [id, asset]));
  const html = render({ dryRun: true }, { add: 200, remove: 200, details });
  assert.ok(html.length < 5_000_000, `${html.length}`);
});
