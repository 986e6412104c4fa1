import assert from "node:assert/strict";
import {
  type Asset,
  createWorld,
  type Emulator,
  MINIMAL_PERMISSIONS,
  startEmulator,
  VERSIONS,
} from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { WITHOUT_ROOT_POWERS } from "../support/launchers.ts";
import { runForSummary, runProgram } from "../support/program.ts";
import { startUntilListing } from "../support/run_under_way.ts";

/** A library of `faceless` assets that match and as many as wanted that show Anna. */
function createLibrary(faceless: number, withAnna = 1) {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const assets = Array.from({ length: faceless }, () => world.addAsset({ owner: alice }));
  const portraits: Asset[] = [];
  for (let i = 0; i < withAnna; i++) {
    const asset = world.addAsset({ owner: alice });
    world.addFace({ asset, person: anna });
    portraits.push(asset);
  }
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  return { world, alice, anna, assets, portraits, key };
}

async function start(version: string, library: ReturnType<typeof createLibrary>) {
  return await startEmulator({ version, world: library.world });
}

Deno.test("exit 0 with nothing to do in an empty library", async () => {
  const library = createLibrary(0, 0);
  await using emulator = await start("3.1.0", library);
  using home = createHome(emulator, library.key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 0);
  assert.equal(summary.status, "ok");
});

Deno.test("exit 1 when the server refuses the key, and the key is nowhere in the output", async () => {
  const library = createLibrary(1);
  await using emulator = await start("3.1.0", library);
  const wrong = "wrong-key-0123456789";
  using home = createHome(emulator, wrong);
  const { code, summary, stdout, stderr } = await runForSummary({
    cwd: home.folder,
    args: ["--log-level", "debug"],
  });
  assert.equal(code, 1);
  assert.equal(summary.status, "failed");
  assert.equal(summary.error?.name, "UnauthorizedError");
  assert.match(summary.error.hint, /API_KEY.*Account Settings > API Keys/);
  assert.equal(emulator.requests.some(({ apiKey }) => apiKey === wrong), true);
  assert.ok(!(stdout + stderr + home.readLog()).includes(wrong));
});

Deno.test("exit 1 when a permission is missing, and its name is told", async () => {
  for (const missing of MINIMAL_PERMISSIONS) {
    const library = createLibrary(1);
    const { world, alice, anna } = library;
    const asset = world.addAsset({ owner: alice });
    world.addFace({ asset, person: anna });
    if (missing !== "album.create") {
      world.addAlbum({ owner: alice, name: "Faceless", assets: [asset] });
    }
    const permissions = MINIMAL_PERMISSIONS.filter((permission) => permission !== missing);
    await using emulator = await start("3.1.0", library);
    using home = createHome(emulator, world.addKey({ user: alice, permissions }));
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    assert.ok(summary.error?.message.includes(missing), summary.error?.message);
    assert.match(summary.error?.hint ?? "", new RegExp(`Grant ${missing}`));
  }
});

Deno.test("exit 1 in maintenance mode, which is named", async () => {
  for (const version of VERSIONS) {
    const library = createLibrary(1);
    library.world.maintenance = true;
    await using emulator = await start(version, library);
    using home = createHome(emulator, library.key);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    assert.equal(summary.error?.name, "MaintenanceError");
  }
});

Deno.test("exit 1 when an Immich is too old", async () => {
  const library = createLibrary(1);
  await using emulator = await start("3.1.0", library);
  emulator.faults.add({
    match: { path: /version/ },
    fault: { kind: "json", body: { major: 1, minor: 143, patch: 0 } },
  });
  using home = createHome(emulator, library.key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 1);
  assert.match(summary.error?.message ?? "", /1\.143\.0 is too old/);
});

Deno.test("exit 1 when the connection breaks for good, in one sentence and without a stack", async () => {
  const library = createLibrary(1);
  await using emulator = await start("3.1.0", library);
  using home = createHome(emulator, library.key, { LOG_FILE_PATH: "new/folder/sync.log" });
  emulator.faults.add({ match: { path: /version/ }, fault: { kind: "reset" } });
  const { code, stdout, stderr } = await runProgram({ cwd: home.folder });
  assert.equal(code, 1);
  assert.doesNotMatch(stdout + stderr, /^\s+at /m);
  assert.match(
    stderr,
    /ERROR +GET \/server\/version failed: the connection to localhost:\d+ broke/,
  );
  assert.match(Deno.readTextFileSync(`${home.folder}/new/folder/sync.log`), /ERROR/);
});

Deno.test("exit 2 for a wrong option, a wrong command and a wrong configuration", async () => {
  using folder = {
    path: Deno.makeTempDirSync(),
    [Symbol.dispose]() {
      Deno.removeSync(this.path, { recursive: true });
    },
  };
  const cases: [string[], Record<string, string>, RegExp][] = [
    [["--dry-rum"], {}, /unknown option '--dry-rum'[^]*--dry-run/],
    [["snyc"], {}, /unknown command 'snyc'/],
    [["--log-level", "loud"], {}, /loud/],
    [[], {}, /IMMICH_URL is required[^]*API_KEY is required/],
    [
      [],
      { IMMICH_URL: "photos", API_KEY: "k3y-k3y", IMMICH_RETRIES: "many" },
      /IMMICH_URL[^]*IMMICH_RETRIES/,
    ],
    [["--env-file", "missing.env"], {}, /missing\.env/],
  ];
  for (const [args, env, said] of cases) {
    const { code, stderr, stdout } = await runProgram({ args, env, cwd: folder.path });
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /^\s+at /m);
    const { summary } = await runForSummary({ args, env, cwd: folder.path });
    assert.equal(summary.status, "failed");
    assert.match(summary.error?.message ?? "", said);
  }
});

Deno.test("exit 3 when some assets can't be added, which are listed", async () => {
  const library = createLibrary(3);
  await using emulator = await start("3.1.0", library);
  const [lost] = library.assets;
  assert.ok(lost);
  emulator.faults.add({
    match: { method: "PUT" },
    fault: { kind: "before", run: (world) => world.deleteAsset(lost) },
  });
  using home = createHome(emulator, library.key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 3);
  assert.equal(summary.status, "partial");
  assert.equal(summary.added, 2);
  assert.deepEqual(summary.failed, [{ id: lost.id, action: "add", error: "no_permission" }]);
});

Deno.test("exit 4 when a guard refuses, with nothing changed; --force runs past it once", async () => {
  for (
    const [settings, guard] of [
      [{ MAX_ADD: "2" }, "MAX_ADD"],
      [{ MAX_REMOVE: "11" }, "MAX_REMOVE"],
      [{}, "MAX_REMOVE_PERCENT"],
    ] as const
  ) {
    const library = createLibrary(3, 12);
    const { world, alice, portraits } = library;
    const album = world.addAlbum({ owner: alice, name: "Faceless", assets: portraits });
    await using emulator = await start("3.1.0", library);
    using home = createHome(emulator, library.key, settings);
    const refused = await runForSummary({ cwd: home.folder });
    assert.equal(refused.code, 4);
    assert.equal(refused.summary.status, "refused");
    assert.equal(refused.summary.guard?.name, guard);
    assert.match(refused.summary.guard.message, /--force/);
    assert.deepEqual([refused.summary.added, refused.summary.removed], [0, 0]);
    assert.deepEqual(emulator.writes(), []);
    const dry = await runForSummary({ cwd: home.folder, args: ["--dry-run"] });
    assert.equal(dry.code, 4);
    assert.deepEqual([dry.summary.added, dry.summary.removed], [3, 12]);
    assert.deepEqual(emulator.writes(), []);
    const forced = await runForSummary({ cwd: home.folder, args: ["--force"] });
    assert.equal(forced.code, 0);
    assert.deepEqual(
      new Set([...album.assets].map(({ id }) => id)),
      new Set(library.assets.map(({ id }) => id)),
    );
  }
});

Deno.test("exit 4 when portraits look faceless since face recognition was reset, also where it takes a scan after the delta to tell", async () => {
  for (const version of ["3.1.0", "3.2.0"]) {
    const library = createLibrary(100, 102);
    const { world, alice, assets, portraits } = library;
    const album = world.addAlbum({ owner: alice, name: "Faceless", assets });
    for (const asset of portraits.slice(1)) world.removeFaces(asset);
    const permissions = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"];
    await using emulator = await start(version, library);
    const key = world.addKey({ user: alice, permissions });
    using home = createHome(emulator, key, { SCAN_EVERY: "0" });
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.strategy], [4, "scan"]);
    assert.equal(summary.guard?.name, "MAX_ADD_PERCENT");
    assert.equal(album.assets.size, 100);
  }
});

Deno.test("no guard keeps the next run from completing one that was cut short, whatever was in the album", async () => {
  for (const version of VERSIONS) {
    const library = createLibrary(10, 7000);
    const { world, alice, assets } = library;
    const album = world.addAlbum({ owner: alice, name: "Faceless", assets });
    for (let number = 0; number < 6500; number++) world.addAsset({ owner: alice });
    await using emulator = await start(version, library);
    // The second chunk, and what is tried after it.
    emulator.faults.add({
      match: { method: "PUT", from: 2 },
      fault: { kind: "status", status: 500 },
    });
    const permissions = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"];
    using home = createHome(emulator, world.addKey({ user: alice, permissions }), {
      SCAN_EVERY: "0",
    });
    assert.equal((await runForSummary({ cwd: home.folder })).code, 1);
    assert.equal(album.assets.size, 3010);
    emulator.faults.clear();
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.guard, summary.added], [0, null, 3500]);
    assert.equal(album.assets.size, 6510);
  }
});

Deno.test("exit 4 when nobody is on any of over 100 assets: not even the album is created", async () => {
  const library = createLibrary(101, 0);
  await using emulator = await start("3.1.0", library);
  using home = createHome(emulator, library.key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 4);
  assert.equal(summary.guard?.name, "ALLOW_NO_PEOPLE");
  assert.deepEqual(emulator.writes(), []);
  home.configure({ ALLOW_NO_PEOPLE: "true" });
  assert.equal((await runForSummary({ cwd: home.folder })).summary.added, 101);
});

Deno.test("exit 5 while another run of the album is under way, and 0 after it", async () => {
  const library = createLibrary(1);
  await using emulator = await start("3.1.0", library);
  using home = createHome(emulator, library.key);
  const first = await startUntilListing(emulator, { cwd: home.folder });
  // A service has another folder for temporary files than a shell; both must meet.
  const env = { TMPDIR: home.folder, TMP: home.folder, TEMP: home.folder };
  const second = await runForSummary({ cwd: home.folder, env });
  assert.equal(second.code, 5);
  assert.equal(second.summary.status, "busy");
  assert.equal(second.summary.requests, 0);
  assert.equal((await first.end()).code, 0);
  assert.equal((await runProgram({ cwd: home.folder })).code, 0);
});

async function lateFailure(emulator: Emulator, key: string) {
  emulator.faults.add({ match: { method: "DELETE" }, fault: { kind: "status", status: 500 } });
  using home = createHome(emulator, key);
  return await runForSummary({ cwd: home.folder });
}

Deno.test("a failure after additions tells what was done up to then", async () => {
  const library = createLibrary(3);
  const { world, alice, portraits } = library;
  world.addAlbum({ owner: alice, name: "Faceless", assets: portraits });
  await using emulator = await start("3.1.0", library);
  const { code, summary, stderr } = await lateFailure(emulator, library.key);
  assert.equal(code, 1);
  assert.deepEqual([summary.added, summary.removed], [3, 0]);
  assert.match(stderr, /Up to then: added 3, removed 0/);
});

Deno.test({
  name: "a run that is configured by the environment works in a folder that can't be read",
  ignore: WITHOUT_ROOT_POWERS.ignore ?? false,
  fn: async () => {
    const library = createLibrary(1);
    await using emulator = await start("3.1.0", library);
    const folder = Deno.makeTempDirSync({ prefix: "faceless-" });
    const launcher = [
      ...["sh", "-c", `cd '${folder}' && chmod 0 . && exec "$0" "$@"`],
      ...WITHOUT_ROOT_POWERS.launcher ?? [],
    ];
    const good = await runForSummary({
      launcher,
      env: { IMMICH_URL: emulator.url, API_KEY: library.key },
    });
    assert.equal(good.code, 0, good.stderr);
    assert.equal(good.summary.added, 1);
    assert.ok(!good.stderr.includes(".env"), good.stderr);

    const bad = await runForSummary({ launcher, env: { IMMICH_URL: emulator.url } });
    assert.equal(bad.code, 2);
    assert.match(bad.summary.error?.message ?? "", /^API_KEY is required/);
    Deno.removeSync(folder);
  },
});
