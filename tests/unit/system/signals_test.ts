import assert from "node:assert/strict";
import { listenForStop } from "../../../src/system/signals.ts";
import { readUntil, startScript, temporaryFolder } from "../../support/script.ts";

const ignore = Deno.build.os === "windows"; // signals can't be sent there

function startListener(folder: string): Deno.ChildProcess {
  return startScript(
    folder,
    `import { listenForStop } from "src/system/signals.ts";
     listenForStop((signal, code) => console.log("stopping", signal, code));
     setInterval(() => {}, 1000);
     console.log("ready");`,
  );
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `the first ${signal} asks to stop, the second ends with ${code}`,
    ignore,
    fn: async () => {
      using folder = temporaryFolder();
      const child = startListener(folder.path);
      const [ready, output] = child.stdout.tee();
      await readUntil(ready, "ready");
      child.kill(signal);
      await readUntil(output, `stopping ${signal} ${code}`);
      child.kill(signal);
      const status = await child.status;
      await child.stderr.cancel();
      assert.equal(status.code, code);
      assert.equal(status.signal, null);
    },
  });
}

Deno.test({
  name: "once nobody listens any more a signal is not reported",
  ignore,
  fn: async () => {
    const seen: string[] = [];
    const ignoreSignal = () => {};
    Deno.addSignalListener("SIGTERM", ignoreSignal); // or the signal ends this process
    const stopListening = listenForStop((signal) => seen.push(signal));
    stopListening();
    stopListening();
    Deno.kill(Deno.pid, "SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 100));
    Deno.removeSignalListener("SIGTERM", ignoreSignal);
    assert.deepEqual(seen, []);
  },
});

Deno.test("a process that only listens for signals comes to its end", async () => {
  using folder = temporaryFolder();
  const child = startScript(
    folder.path,
    `import { listenForStop } from "src/system/signals.ts";
     listenForStop(() => {});`,
  );
  assert.equal((await child.output()).code, 0);
});
