import assert from "node:assert/strict";
import { startEmulator } from "../emulator/mod.ts";
import { createLibrary, FAST } from "../support/delta_library.ts";
import { startChannelServer } from "../support/channel_server.ts";
import { createHome, type Home } from "../support/home.ts";
import { runForSummary, runProgram } from "../support/program.ts";
import { createSmallLibrary } from "../support/small_library.ts";
import { startUntilListing } from "../support/run_under_way.ts";

function stateFile(home: Home): string {
  return `${home.logFile}.state.json`;
}

/** What stands in the state file of the only configuration that has run. */
function stateOf(home: Home): Record<string, unknown> {
  const { runs } = JSON.parse(Deno.readTextFileSync(stateFile(home)));
  assert.equal(Object.keys(runs).length, 1);
  return runs[Object.keys(runs)[0] ?? ""];
}

Deno.test("a run leaves how it ended beside the log, without secrets and without assets", async () => {
  const { world, key, asset } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  assert.equal((await runForSummary({ cwd: home.folder })).code, 0);
  const text = Deno.readTextFileSync(stateFile(home));
  for (const absent of [emulator.url, key, asset.id]) assert.ok(!text.includes(absent));
  const { lastRun, lastGoodAt, lastScanAt, trouble } = stateOf(home);
  assert.match(JSON.stringify(lastRun), /"exitCode":0,"reason":null,"added":1,"removed":0/);
  assert.equal(lastGoodAt, lastScanAt);
  assert.ok(Math.abs(Date.now() - Date.parse(String(lastGoodAt))) < 60_000);
  assert.equal(trouble, null);
  assert.deepEqual([...Deno.readDirSync(home.folder)].map(({ name }) => name).sort(), [
    ".env",
    "faceless_sync.log",
    "faceless_sync.log.state.json",
  ]);
});

Deno.test("a dry run and a run that finds another under way leave the state file alone", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  assert.equal((await runProgram({ cwd: home.folder, args: ["--dry-run"] })).code, 0);
  assert.throws(() => Deno.statSync(stateFile(home)), Deno.errors.NotFound);
  const first = await startUntilListing(emulator, { cwd: home.folder });
  assert.equal((await runProgram({ cwd: home.folder })).code, 5);
  assert.throws(() => Deno.statSync(stateFile(home)), Deno.errors.NotFound);
  assert.equal((await first.end()).code, 0);
  assert.match(JSON.stringify(stateOf(home)), /"exitCode":0/);
});

Deno.test("two albums by one env file, as the environment wins, have a state each", async () => {
  const { world, alice, key } = createSmallLibrary();
  for (let n = 0; n < 2; n++) world.addAlbum({ owner: alice, name: "Twice" });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using hook = startChannelServer();
  using home = createHome(emulator, key, { WEBHOOK_URL: `${hook.url}/h00k-of-mine` });
  for (let hour = 0; hour < 2; hour++) {
    assert.equal((await runProgram({ cwd: home.folder })).code, 0);
    const env = { ALBUM_NAME: "Twice" };
    assert.equal((await runProgram({ cwd: home.folder, env })).code, 1);
  }
  assert.deepEqual(hook.arrived.map(({ body }) => JSON.parse(body).event), ["trouble"]);
});

Deno.test("what is corrected in the env file is known to be over: two albums of a name, then the id of one", async () => {
  const { world, alice, key } = createSmallLibrary();
  const [album] = [1, 2].map(() => world.addAlbum({ owner: alice, name: "Twice" }));
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using hook = startChannelServer();
  const settings = { WEBHOOK_URL: `${hook.url}/h00k-of-mine`, ALBUM_NAME: "Twice" };
  using home = createHome(emulator, key, settings);
  assert.equal((await runProgram({ cwd: home.folder })).code, 1);
  home.configure({ ...settings, ALBUM_ID: album?.id ?? "" });
  assert.equal((await runProgram({ cwd: home.folder })).code, 0);
  assert.deepEqual(hook.arrived.map(({ body }) => JSON.parse(body).event), ["trouble", "recovery"]);
});

const UNUSABLE: Readonly<Record<string, (path: string) => void>> = {
  "cut off": (path) => Deno.writeTextFileSync(path, '{"version": 1, "ru'),
  "empty": (path) => Deno.writeTextFileSync(path, ""),
  "of a newer version": (path) => Deno.writeTextFileSync(path, '{"version": 2, "runs": {}}'),
  "of wrong types": (path) => Deno.writeTextFileSync(path, '{"version": 1, "runs": {"x": 5}}'),
  "much too large": (path) => Deno.writeFileSync(path, new Uint8Array(1 << 20)),
};

for (const [how, spoil] of Object.entries(UNUSABLE)) {
  Deno.test(`a state file that is ${how} is told, replaced, and changes nothing else`, async () => {
    const { world, key } = createSmallLibrary();
    await using emulator = await startEmulator({ version: "3.1.0", world });
    using home = createHome(emulator, key);
    spoil(stateFile(home));
    const { code, summary, stderr } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.added], [0, 1]);
    assert.match(stderr, /WARN .* state file .* cannot be used: .*first/);
    assert.match(JSON.stringify(stateOf(home)), /"exitCode":0/);
    assert.doesNotMatch((await runForSummary({ cwd: home.folder })).stderr, /state file/);
  });
}

Deno.test("where no state can be kept, each run is as good and says which variable to set", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  Deno.mkdirSync(stateFile(home));
  const { code, summary, stderr } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.added], [0, 1]);
  assert.match(
    stderr,
    /Cannot record in .*: (?:is a directory|access denied)\. Set STATE_FILE_PATH/,
  );
  home.configure({ STATE_FILE_PATH: "new/folder/state" });
  assert.doesNotMatch((await runForSummary({ cwd: home.folder })).stderr, /state file/);
  assert.ok(Deno.statSync(`${home.folder}/new/folder/state`).isFile);
});

Deno.test({
  name: "where the log is a device, the state is kept in the working folder, and its lack is told",
  ignore: Deno.build.os === "windows",
}, async () => {
  const { world, keyWith } = createLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world });
  for (const device of ["/dev/null", "/dev/stdout"]) {
    using home = createHome(emulator, keyWith(FAST), { LOG_FILE_PATH: device });
    const runs = [
      await runForSummary({ cwd: home.folder }),
      await runForSummary({ cwd: home.folder }),
    ];
    assert.deepEqual(runs.map(({ summary }) => summary.strategy), ["scan", "delta"]);
    assert.match(JSON.stringify(stateOf(home)), /"exitCode":0/);
    Deno.removeSync(stateFile(home));
    Deno.mkdirSync(stateFile(home));
    const { stderr } = await runForSummary({ cwd: home.folder });
    assert.match(stderr, /WARN .*Cannot record in .* Set STATE_FILE_PATH/);
  }
});

Deno.test("the state file may be none of the files that are read", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  for (const path of [".env", "faceless_sync.log"]) {
    home.configure({ STATE_FILE_PATH: path });
    const { code, stderr } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 2);
    assert.match(stderr, /STATE_FILE_PATH must not be/);
  }
});
