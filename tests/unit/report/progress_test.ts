import assert from "node:assert/strict";
import {
  nextState,
  type Progress,
  renderProgress,
  showProgress,
} from "../../../src/system/progress.ts";

/** What stands there after these events, `seconds` after the first. */
function shownAfter(seconds: number, ...events: readonly Progress[]): string {
  let state = nextState(undefined, events[0] ?? { step: "" }, 0);
  for (const event of events.slice(1)) state = nextState(state, event, 500);
  return renderProgress(state, seconds * 1000);
}

Deno.test("with a known total the progress has share, speed and time left", () => {
  const library: Progress[] = [{ step: "Reading the library" }, { total: 60_000 }];
  assert.equal(
    shownAfter(3, ...library, { done: 10_000 }, { done: 2_000 }),
    "Reading the library: 12,000 of 60,000 assets (20 %), 4,000 a second, 12 s left",
  );
  assert.match(shownAfter(300, ...library, { done: 12_000 }), /, 20 min left$/);
  assert.match(shownAfter(30_000, ...library, { done: 12_000 }), /, 33 h left$/);
});

Deno.test("without one, or when more is read than was counted, it has the number and the speed", () => {
  assert.equal(
    shownAfter(2, { step: "Reading the library" }, { done: 3_000 }),
    "Reading the library: 3,000 assets, 1,500 a second",
  );
  assert.equal(
    shownAfter(2, { step: "Reading the album", total: 10 }, { done: 11 }),
    "Reading the album: 11 assets, 6 a second",
  );
});

Deno.test("in its first second a step has no speed, and one without assets shows how long it takes", () => {
  assert.equal(
    shownAfter(0.9, { step: "Adding", total: 4 }, { done: 2 }),
    "Adding: 2 of 4 assets (50 %)",
  );
  assert.equal(shownAfter(0.9, { step: "Asking the server" }), "Asking the server");
  assert.equal(shownAfter(7, { step: "Asking the server" }), "Asking the server: 7 s");
});

Deno.test("a new step begins at zero", () => {
  assert.equal(
    shownAfter(2, { step: "Adding", total: 5 }, { done: 5 }, { step: "Removing", total: 2 }),
    "Removing: 2 s",
  );
});

Deno.test("however much happens, the line is written five times a second at most", async () => {
  const written: string[] = [];
  const line = showProgress((text) => void written.push(text), () => 80);
  line.update({ step: "Reading" });
  const started = performance.now();
  while (performance.now() - started < 1100) {
    line.update({ done: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  line.end();
  const drawn = written.filter((text) => text.includes("Reading"));
  assert.ok(drawn.length >= 2 && drawn.length <= 6, String(drawn.length));
});
