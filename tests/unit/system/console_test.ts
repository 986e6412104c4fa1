import assert from "node:assert/strict";
import { createWriter } from "../../../src/system/console.ts";
import { startScript, temporaryFolder } from "../../support/script.ts";

Deno.test("a writer writes on until the whole text is written", () => {
  let output = "";
  const write = createWriter({
    writeSync: (bytes) => {
      const part = bytes.subarray(0, 3);
      output += String.fromCharCode(...part);
      return part.length;
    },
  });
  write("more than three bytes\n");
  write("again\n");
  assert.equal(output, "more than three bytes\nagain\n");
});

Deno.test("a full pipe that does not block is waited for", () => {
  let calls = 0;
  const write = createWriter({
    writeSync: (bytes) => {
      if (++calls < 4) throw new Deno.errors.WouldBlock("full");
      return bytes.length;
    },
  });
  write("x");
  assert.equal(calls, 4);
});

Deno.test("after the other end has gone nothing is written any more", () => {
  let calls = 0;
  const write = createWriter({
    writeSync: () => {
      calls++;
      throw new Deno.errors.BrokenPipe("gone");
    },
  });
  write("x");
  write("y");
  assert.equal(calls, 1);
});

Deno.test("a run goes on to its end when its output is cut off, as by `| head -1`", async () => {
  using folder = temporaryFolder();
  const log = `${folder.path}/run.log`;
  const child = startScript(
    folder.path,
    `import { openLog } from "src/system/log.ts";
     const config = { path: ${JSON.stringify(log)}, level: "info", format: "text",
       maxSizeBytes: 1e9, backups: 3 };
     const { logger } = openLog({ config, redact: (text) => text, console: "split" });
     for (let i = 0; i < 2000; i++) logger.info("line " + i);
     logger.info("the end");`,
  );
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const [status, stderr] = await Promise.all([child.status, child.stderr.text()]);
  assert.equal(stderr, "");
  assert.equal(status.code, 0);
  const lines = Deno.readTextFileSync(log).trimEnd().split("\n");
  assert.equal(lines.length, 2_001);
  assert.match(lines.at(-1) ?? "", /the end$/);
});
