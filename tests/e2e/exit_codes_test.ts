import assert from "node:assert/strict";
import { type Emulator, MINIMAL_PERMISSIONS, VERSIONS } from "../emulator/mod.ts";
import { createLibrary, start } from "../support/counted_library.ts";
import { createHome } from "../support/home.ts";
import { WITHOUT_ROOT_POWERS } from "../support/launchers.ts";
import { runForSummary, runProgram } from "../support/program.ts";
import { startUntilListing } from "../support/run_under_way.ts";

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
