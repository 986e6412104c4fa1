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
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "sync", "--help"],
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
      env: { ...systemEnvironment(), NO_COLOR: "1", HTTP_PROXY: address, HTTPS_PROXY: address },
      clearEnv: true,
      stdin: "null",
    }).output();
    assert.match(new TextDecoder().decode(stderr), /^Task sync deno run .{1,120}\n$/);
    assert.match(new TextDecoder().decode(stdout), /Usage:/);
    assert.equal(code, 0);
    proxy.close();
    await answering;
    assert.equal(asked, 0);
  },
});
