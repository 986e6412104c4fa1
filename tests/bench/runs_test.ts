import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createMeter } from "./measure/usage.ts";
import { computeScript } from "./model/script_model.ts";
import { runMissed, runProgram, runRaw, runScript } from "./runs.ts";
import { ServerProcess } from "./server/server_process.ts";

const OPTIONS = { version: "2.7.5", size: 1500, loneStrangers: true, gzip: true } as const;

Deno.test("program, script and raw limit run on a library in the model's pace", async () => {
  await using server = await ServerProcess.start(OPTIONS);
  const state = await server.state();
  const { run } = await runProgram(server, "scan", "0.1 % changed", { concurrency: 2 });
  assert.equal(run.strategy, "scan");
  assert.equal(run.writes, 2);
  assert.equal(run.listed, state.searched + state.faceless);
  assert(run.wallSeconds > run.serverSeconds / 2.2, "faster than the server can be");

  const idle = await runProgram(server, "scan", "nothing to do", { concurrency: 2 });
  assert.equal(idle.run.writes, 0);
  const raw = await runRaw(server, idle, 2);
  assert.equal(raw.requests, idle.listings.length);
  assert((raw.bytes ?? 0) >= 0.98 * (idle.run.bytes ?? 0));
  assert.equal(raw.writes, 0);
  assert(raw.wallSeconds > raw.serverSeconds / 2.2);

  const script = await runScript(server, "first sync");
  const computed = computeScript(OPTIONS, state, "first sync");
  assert.equal(script.requests, computed.requests);
  assert.equal(script.writes, computed.writes);
  assert(Math.abs(script.serverSeconds / computed.serverSeconds - 1) < 0.01);
  assert(script.wallSeconds >= computed.wallSeconds);
});

Deno.test("the script's way is computed as it goes on 3.x, too", async () => {
  await using server = await ServerProcess.start({ ...OPTIONS, version: "3.1.0" });
  const state = await server.state();
  for (const task of ["nothing to do", "0.1 % changed"] as const) {
    const script = await runScript(server, task);
    const computed = computeScript({ ...OPTIONS, version: "3.1.0" }, state, task);
    assert.equal(script.requests, computed.requests, task);
    assert(Math.abs(script.serverSeconds / computed.serverSeconds - 1) < 0.02, task);
  }
});

Deno.test("missed looks through the same library as a dry run, with pictures and without", async () => {
  const options = { ...OPTIONS, version: "3.2.0", size: 20_000, loneStrangers: false } as const;
  await using server = await ServerProcess.start(options);
  const dry = (await runProgram(server, "scan", "look through", { concurrency: 2 })).run;
  assert.equal(dry.writes, 0);
  const bare = await runMissed(server, { concurrency: 2, pictures: false });
  assert(bare.requests > dry.requests, "no faces were asked for");
  const full = await runMissed(server, { concurrency: 2, pictures: true });
  assert(full.requests > bare.requests, "no pictures were asked for");
  assert.deepEqual([bare.remark, full.remark], [undefined, "with pictures"]);
});

for (const tool of ["time", "proc"] as const) {
  const ignore = tool === "time" && !existsSync("/usr/bin/time");
  Deno.test(`what a process needs is measured with ${tool}`, { ignore }, async () => {
    using meter = createMeter(tool);
    const work = "const a = new Uint8Array(80e6).fill(1); const end = performance.now() + 400;" +
      "while (performance.now() < end) a[0]++;";
    const [command = "", ...args] = [...meter.launcher, Deno.execPath(), "eval", work];
    const { success } = await new Deno.Command(command, { args }).output();
    assert(success);
    const { wallSeconds, cpuSeconds, peakMegabytes } = meter.read();
    assert(wallSeconds >= 0.4 && wallSeconds < 20, `${wallSeconds} s`);
    assert(cpuSeconds > 0.1 && cpuSeconds < wallSeconds * 4, `${cpuSeconds} s`);
    assert(peakMegabytes > 80 && peakMegabytes < 400, `${peakMegabytes} MB`);
  });
}
