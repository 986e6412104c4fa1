import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runProgram, systemEnvironment } from "../support/program.ts";

const compiled = (Deno.env.get("PROGRAM_UNDER_TEST") ?? "") !== "";

Deno.test("a run with nothing to tell writes nothing to standard error, so that cron mails nothing", async () => {
  const world = createWorld();
  const key = world.addKey({
    user: world.addUser({ name: "Alice" }),
    permissions: MINIMAL_PERMISSIONS,
  });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const { code, stderr } = await runProgram({ cwd: home.folder });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
});

Deno.test({
  name: "deno task sync says one short line of its own, and asks no registry",
  ignore: compiled,
  fn: async () => {
    // All that leaves this machine would go through it.
    const proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    let asked = 0;
    const answering = (async () => {
      for await (const connection of proxy) {
        asked++;
        connection.close();
      }
    })();
    const address = `http://127.0.0.1:${proxy.addr.port}`;
    const world = createWorld();
    const key = world.addKey({
      user: world.addUser({ name: "Alice" }),
      permissions: MINIMAL_PERMISSIONS,
    });
    await using emulator = await startEmulator({ version: "3.1.0", world });
    // Deno looks for updates of itself half a second after a start, once a day.
    emulator.faults.add({ match: { path: /version/ }, fault: { kind: "delay", ms: 1000 } });
    using home = createHome(emulator, key);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "sync", "--env-file", home.envFile, "--json"],
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
      env: {
        ...systemEnvironment(),
        NO_COLOR: "1",
        HTTP_PROXY: address,
        HTTPS_PROXY: address,
        NO_PROXY: "localhost",
        LOG_FILE_PATH: home.logFile,
      },
      clearEnv: true,
      stdin: "null",
    }).output();
    const [own, ...log] = new TextDecoder().decode(stderr).trim().split("\n");
    assert.match(own ?? "", /^Task sync (?:\w+=1 )?deno run .{1,90} src\/main\.ts /);
    assert.ok(log.every((line) => /^[\d-]+ [\d:]+ (?:INFO|WARN) /.test(line)), log.join("\n"));
    assert.equal(JSON.parse(new TextDecoder().decode(stdout)).status, "ok");
    assert.equal(code, 0);
    proxy.close();
    await answering;
    assert.equal(asked, 0);
  },
});
