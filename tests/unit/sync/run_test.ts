import assert from "node:assert/strict";
import { loadConfig } from "../../../src/config/load.ts";
import { run } from "../../../src/sync/run.ts";
import { silentLog } from "../../support/immich_config.ts";

Deno.test("run() reports a defect of the program as a failure and hands the error out", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const loaded = loadConfig({
      cwd: folder,
      environment: (name) =>
        new Map([["IMMICH_URL", "http://127.0.0.1:9"], ["API_KEY", "k3y-k3y"]]).get(name),
    });
    assert.ok(loaded.ok);
    const boom = new TypeError("boom");
    const stop = new AbortController();
    stop.abort(boom); // something that is no explained failure, where the run begins
    const { summary, defect } = await run({
      config: loaded.config,
      dryRun: false,
      force: false,
      lastScanAt: undefined,
      lastReason: undefined,
      log: silentLog,
      stop: stop.signal,
      lockFolder: folder,
    });
    assert.equal(defect, boom);
    assert.deepEqual([summary.status, summary.exitCode], ["failed", 1]);
    assert.equal(summary.error?.name, "TypeError");
    assert.match(summary.error.hint, /report/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
