import assert from "node:assert/strict";
import { ImmichError } from "../../../src/immich/immich_error.ts";
import { pauseBefore, retrying } from "../../../src/immich/retry.ts";
import { variables } from "../../../src/config/variables.ts";
import { silentLog } from "../../support/immich_config.ts";

const PASSING = new ImmichError("server", "It failed.", "", { retryable: true });

Deno.test("by default the pauses outlast a server that is away for two minutes, and end", () => {
  const retries = variables.server.retries.parse(variables.server.retries.defaultText ?? "", "");
  assert.ok(retries.ok);
  for (let trial = 0; trial < 100; trial++) {
    const pauses: number[] = Array.from(
      { length: retries.value },
      (_, index) => pauseBefore(index + 1),
    );
    const seconds = pauses.reduce((sum, pause) => sum + pause, 0) / 1000;
    assert.ok(seconds > 140 && seconds < 200, `${seconds} s`);
    assert.ok(pauses[0] !== undefined && pauses[0] <= 1000, "a hiccup costs a moment");
    assert.ok(
      pauses.every((pause, index) => index === 0 || pause >= (pauses[index - 1] ?? 0) * 0.99),
    );
    assert.equal(Math.max(...pauses), 30_000);
  }
});

Deno.test("a stop signal ends a pause at once, with its own reason", async () => {
  const stop = new AbortController();
  const reason = new Error("stopped");
  const patient = new ImmichError("server", "It failed.", "", {
    retryable: true,
    retryAfterMs: 60_000,
  });
  setTimeout(() => stop.abort(reason), 50);
  const started = performance.now();
  const fails = () => Promise.reject(patient);
  const options = { retries: 3, stop: stop.signal, log: silentLog };
  await assert.rejects(retrying(fails, options), reason);
  assert.ok(performance.now() - started < 1000);
});

Deno.test("nothing is tried again after a stop signal, and the failure is told", async () => {
  const told: string[] = [];
  const log = { ...silentLog, warn: (text: string) => void told.push(text) };
  const reason = new Error("stopped");
  let calls = 0;
  const fails = () => {
    calls++;
    return Promise.reject(PASSING);
  };
  const options = { retries: 3, stop: AbortSignal.abort(reason), log };
  await assert.rejects(retrying(fails, options), reason);
  assert.equal(calls, 1);
  assert.deepEqual(told, ["It failed. The run is stopping, so it is not retried."]);
});

Deno.test("what will not pass is thrown at once, and what passes is forgotten", async () => {
  const options = { retries: 3, stop: new AbortController().signal, log: silentLog };
  const lasting = new ImmichError("rejected", "No.", "");
  await assert.rejects(retrying(() => Promise.reject(lasting), options), lasting);
  const defect = new TypeError("x");
  await assert.rejects(retrying(() => Promise.reject(defect), options), defect);
  let calls = 0;
  const second = () => ++calls === 1 ? Promise.reject(PASSING) : Promise.resolve("done");
  assert.equal(await retrying(second, options), "done");
});
