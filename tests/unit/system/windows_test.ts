/** What of Windows can be shown on any system; the rest is for the release workflow. */
import assert from "node:assert/strict";
import { listenForStop } from "../../../src/system/signals.ts";

Deno.test("on Windows Ctrl+C and Ctrl+Break are listened to, and SIGTERM, which it lacks, is not", () => {
  const asked: string[] = [];
  const original = Deno.addSignalListener;
  const remove = Deno.removeSignalListener;
  Deno.addSignalListener = (signal) => void asked.push(signal);
  Deno.removeSignalListener = () => {};
  try {
    listenForStop(() => {}, "windows")();
  } finally {
    Deno.addSignalListener = original;
    Deno.removeSignalListener = remove;
  }
  assert.deepEqual(asked, ["SIGINT", "SIGBREAK"]);
});
