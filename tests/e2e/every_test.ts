import assert from "node:assert/strict";
import { createWorld, type Emulator, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { startChannelServer } from "../support/channel_server.ts";
import { createHome, type Home } from "../support/home.ts";
import { outcomeOf, startProgram } from "../support/program.ts";

const UUID = "0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5";

function createLibrary() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  world.addAsset({ owner: alice });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  return { world, alice, key };
}

/** Starts a sync that is repeated; it has to be stopped. */
function startRepeated(home: Home, every: string, args: readonly string[] = []) {
  return startProgram({ cwd: home.folder, args: ["sync", "--every", every, ...args] });
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function countInLog(home: Home, pattern: RegExp): number {
  try {
    return home.readLog().match(pattern)?.length ?? 0;
  } catch {
    return 0; // not there yet
  }
}

const DONE = /Done in/g;

Deno.test("--every runs at once and again, reads its configuration anew, and outlives a broken one", async () => {
  const { world, key, alice } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using health = startChannelServer();
  const settings = { HEALTHCHECK_URL: `${health.url}/${UUID}` };
  using home = createHome(emulator, key, settings);
  const process = startRepeated(home, "300ms");
  await until("it has run twice", () => countInLog(home, DONE) >= 2);
  home.configure({ ...settings, IMMICH_RETRIES: "many" });
  const ended = (code: number) =>
    health.arrived.filter(({ target }) => target.startsWith(`/${UUID}/${code}?`)).length;
  await until("it has failed twice", () => ended(2) >= 2);
  home.configure({ ...settings, ALBUM_NAME: "Nobody" });
  world.addAsset({ owner: alice });
  const good = ended(0);
  await until("it is fine again", () => ended(0) > good);
  process.kill("SIGTERM");
  const { code, stderr } = await outcomeOf(process);
  assert.equal(code, 143);
  assert.match(stderr, /IMMICH_RETRIES must be/);
  assert.deepEqual(
    [...world.albums.values()].map(({ name, assets }) => [name, assets.size]),
    [["Faceless", 1], ["Nobody", 2]],
  );
});

Deno.test("--every says when the next run will be, once for each run", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const started = Date.now();
  const process = startRepeated(home, "1h");
  await until("it waits", () => countInLog(home, /The next run/g) > 0);
  process.kill("SIGTERM");
  assert.equal((await outcomeOf(process)).code, 143);
  const [, time = "", ...more] = /INFO {3}The next run starts at (.*)\.\n/.exec(home.readLog()) ??
    [];
  assert.deepEqual(more, []);
  const ahead = new Date(time.replace(" ", "T")).getTime() - started;
  assert.ok(ahead > 3_598_000 && ahead < 3_620_000, `${ahead} ms`);
});

Deno.test("--every never runs two at a time, and then goes on at once", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  emulator.faults.add({ match: { path: /search/ }, fault: { kind: "delay", ms: 300 } });
  const process = startRepeated(home, "10ms");
  await until("it has run three times", () => countInLog(home, DONE) >= 3);
  process.kill("SIGTERM");
  assert.equal((await outcomeOf(process)).code, 143);
  const lines = home.readLog().match(/(?:immich-faceless-sync \d|Done in|Another run)/g) ?? [];
  const [begun, done] = ["immich-faceless-sync 0", "Done in"];
  for (const [at, line] of lines.entries()) assert.equal(line, at % 2 === 0 ? begun : done);
});

for (const [signal, exitCode] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
  Deno.test({
    name:
      `${signal} ends --every within the request under way, or while it waits, with ${exitCode}`,
    ignore: Deno.build.os === "windows",
  }, async () => {
    for (const during of ["a request", "the wait"]) {
      const { world, key } = createLibrary();
      await using emulator: Emulator = await startEmulator({ version: "3.1.0", world });
      using home = createHome(emulator, key);
      const reached = Promise.withResolvers<void>();
      if (during === "a request") {
        const once = { match: { path: /search/ }, times: 1 };
        emulator.faults.add({ ...once, fault: { kind: "before", run: () => reached.resolve() } });
        emulator.faults.add({ ...once, fault: { kind: "delay", ms: 60_000 } });
      }
      const process = startRepeated(home, "1h");
      if (during === "a request") await reached.promise;
      else await until("it waits", () => countInLog(home, /The next run/g) > 0);
      const asked = performance.now();
      process.kill(signal);
      assert.equal((await outcomeOf(process)).code, exitCode);
      assert.ok(performance.now() - asked < 3000, `during ${during}`);
    }
  });
}

Deno.test("with --json, --every prints one document a line, and with several env files one for all", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  Deno.copyFileSync(home.envFile, `${home.folder}/other.env`);
  const process = startRepeated(home, "100ms", [
    "--json",
    ...["--env-file", ".env", "--env-file", "other.env"],
  ]);
  // One more than two rounds: Windows ends it at once, perhaps before the second is printed.
  await until("all have run twice, and one again", () => countInLog(home, DONE) >= 5);
  process.kill("SIGTERM");
  const { stdout } = await outcomeOf(process);
  const documents = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(documents.length >= 2);
  assert.deepEqual([documents[0].exitCode, documents[0].runs.length], [0, 2]);
});

Deno.test("an interval that makes no sense is wrong usage", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  for (const every of ["5", "0s", "often", "-1h"]) {
    const { code, stderr } = await outcomeOf(startRepeated(home, every));
    assert.equal(code, 2);
    assert.match(stderr, /--every/);
  }
});
