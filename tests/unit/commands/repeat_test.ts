import assert from "node:assert/strict";
import { repeat } from "../../../src/commands/repeat.ts";
import { Stopper } from "../../../src/commands/stopper.ts";

Deno.test("a clock that is set back delays the next run by no more than the interval", async () => {
  const rightNow = Date.now;
  const stopper = new Stopper();
  const stop = () => {
    stopper.exitCode = 143;
    stopper.onStop("SIGTERM", 143);
  };
  const late = setTimeout(stop, 1000);
  let runs = 0;
  try {
    await repeat(50, stopper, () => {
      Date.now = () => rightNow() - 3_600_000;
      if (++runs === 2) stop();
      return Promise.resolve({ logs: [] });
    });
  } finally {
    Date.now = rightNow;
    clearTimeout(late);
    stopper.close();
  }
  assert.equal(runs, 2);
});
