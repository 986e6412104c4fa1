import assert from "node:assert/strict";
import { createWorld, type Emulator, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import {
  type Ended,
  PROGRAM,
  runAlone,
  testCompiled as testAnywhere,
} from "../support/compiled.ts";

/** Working folder /, /bin/sh and file modes; tests/e2e covers the compiled file on Windows. */
const IS_UNIX = Deno.build.os !== "windows";
const WHERE = IS_UNIX ? "" : " (left out on Windows)";
const HAS_SETSID = Deno.build.os === "linux";

function testCompiled(name: string, test: () => Promise<void>, ignore = false): void {
  testAnywhere(name + WHERE, test, ignore || !IS_UNIX);
}

/** The compiled file, alone in a folder beside an env file, and a server with a photo to add. */
interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly program: string;
  readonly emulator: Emulator;
  /** The album has the photo, and the program said so by exit 0. */
  assertSynced(ended: Ended): void;
}

async function createPlace(name = "place"): Promise<Place> {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const asset = world.addAsset({ owner: alice });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  const emulator = await startEmulator({ version: "3.1.0", world });
  const parent = Deno.makeTempDirSync({ prefix: "faceless-compiled-" });
  const folder = `${parent}/${name}`;
  Deno.mkdirSync(folder);
  Deno.mkdirSync(`${parent}/tmp`);
  Deno.chmodSync(parent, 0o755);
  const program = `${folder}/immich-faceless-sync`;
  Deno.copyFileSync(PROGRAM ?? "", program);
  Deno.chmodSync(program, 0o755);
  Deno.writeTextFileSync(
    `${folder}/.env`,
    `IMMICH_URL=${emulator.url}\nAPI_KEY=${key}\nIMMICH_RETRIES=0\nLOG_FILE_PATH=faceless_sync.log\n`,
  );
  return {
    folder,
    program,
    emulator,
    assertSynced({ code, stdout, stderr }) {
      assert.equal(code, 0, stdout + stderr);
      assert.deepEqual([...world.albums.values()].map(({ assets }) => [...assets]), [[asset]]);
    },
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      Deno.removeSync(parent, { recursive: true });
    },
  };
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

testCompiled(
  "alone in a folder, with an empty environment and working folder /, it takes the .env beside it",
  async () => {
    await using place = await createPlace();
    place.assertSynced(await runAlone([place.program]));
  },
);

testCompiled(
  "it writes its log, and its lock where all users have theirs, and nothing else",
  async () => {
    await using place = await createPlace();
    const tmp = `${place.folder}/../tmp`;
    const home = `${place.folder}/../home`;
    Deno.mkdirSync(home);
    const before = new Set(namesIn("/tmp"));
    place.assertSynced(
      await runAlone([place.program], { env: { TMPDIR: Deno.realPathSync(tmp), HOME: home } }),
    );
    assert.deepEqual(namesIn(place.folder), [
      ".env",
      "faceless_sync.log",
      "faceless_sync.log.state.json",
      "immich-faceless-sync",
    ]);
    assert.deepEqual(namesIn(home), []);
    assert.deepEqual(namesIn(tmp), []);
    const isLock = (name: string) => /^immich-faceless-sync-[0-9a-f]{32}\.lock$/.test(name);
    assert.ok(namesIn("/tmp").some((name) => isLock(name) && !before.has(name)));
  },
);

testCompiled(
  "through a symlink, absolute or relative, it takes the .env beside the file itself",
  async () => {
    for (const target of ["", "../place/immich-faceless-sync"]) {
      await using place = await createPlace();
      const bin = `${place.folder}/../bin`;
      Deno.mkdirSync(bin);
      Deno.symlinkSync(target || place.program, `${bin}/faceless`);
      place.assertSynced(await runAlone([`${bin}/faceless`]));
      assert.ok(namesIn(place.folder).includes("faceless_sync.log"), "the log is beside the .env");
    }
  },
);

testCompiled("a path with spaces, quotes and letters of other scripts is no obstacle", async () => {
  for (const name of ["My Photos (old)", "Фото фünf 写真", "it's 100% $HOME; & more"]) {
    await using place = await createPlace(name);
    place.assertSynced(await runAlone([place.program]));
    place.assertSynced(await runAlone([place.program], { cwd: place.folder }));
  }
});

testCompiled("cron starts it by /bin/sh with hardly any environment", async () => {
  await using place = await createPlace();
  place.assertSynced(
    await runAlone(["/bin/sh", "-c", `cd '${place.folder}' && ./immich-faceless-sync >/dev/null`], {
      env: { SHELL: "/bin/sh", PATH: "/usr/bin:/bin", LOGNAME: "root", HOME: "/root" },
    }),
  );
});

testCompiled("systemd starts it without HOME and terminal", async () => {
  await using place = await createPlace();
  place.assertSynced(
    await runAlone([...HAS_SETSID ? ["setsid", "--wait"] : [], place.program], {
      env: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        LANG: "C.UTF-8",
        INVOCATION_ID: "0123456789abcdef0123456789abcdef",
        JOURNAL_STREAM: "8:12345",
        SYSTEMD_EXEC_PID: "1",
      },
    }),
  );
});

testCompiled("a home that does not exist, and variables of Deno, do not matter", async () => {
  await using place = await createPlace();
  place.assertSynced(
    await runAlone([place.program], {
      env: { HOME: "/nonexistent", DENO_DIR: "/proc/none", XDG_CACHE_HOME: "/proc/none" },
    }),
  );
});

const MAY_CHANGE_USER = Deno.build.os === "linux" && Deno.uid() === 0;

testCompiled(
  "a user without home and write permission gets its sync, and the log on the console" +
    (MAY_CHANGE_USER ? "" : " (left out: only root can become that user)"),
  async () => {
    await using place = await createPlace();
    Deno.chmodSync(place.folder, 0o555);
    const ended = await runAlone([
      "/usr/bin/setpriv",
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      place.program,
    ]);
    place.assertSynced(ended);
    assert.match(ended.stderr, /The log file .*faceless_sync\.log cannot be written/);
    assert.match(ended.stdout, /Done in/);
    assert.ok(!namesIn(place.folder).includes("faceless_sync.log"));
  },
  !MAY_CHANGE_USER,
);
