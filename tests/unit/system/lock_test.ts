import assert from "node:assert/strict";
import { dirname } from "node:path";
import { acquireLock, isLocked, lockFilePath } from "../../../src/system/lock.ts";
import { readUntil, startScript, temporaryFolder } from "../../support/script.ts";

function held(result: Awaited<ReturnType<typeof acquireLock>>) {
  if (result.state !== "held") throw new Error(`the lock is ${JSON.stringify(result)}`);
  return result.lock;
}

Deno.test("a lock is held by one at a time, and free once released", async () => {
  using folder = temporaryFolder();
  const lock = held(await acquireLock("album", folder.path));
  assert.deepEqual(await acquireLock("album", folder.path), { state: "busy" });
  lock.release();
  lock.release();
  held(await acquireLock("album", folder.path)).release();
});

Deno.test("locks of different keys do not touch each other", async () => {
  using folder = temporaryFolder();
  using _a = held(await acquireLock("a", folder.path));
  using _b = held(await acquireLock("b", folder.path));
});

Deno.test("the name of the lock file gives nothing of the key away", async () => {
  const path = await lockFilePath("https://photos.example/ Faceless", "/tmp");
  assert.match(path.slice(dirname(path).length + 1), /^immich-faceless-sync-[0-9a-f]{32}\.lock$/);
});

Deno.test("another process is kept out until it is killed, however rudely", async () => {
  using folder = temporaryFolder();
  const child = startScript(
    folder.path,
    `import { acquireLock } from "src/system/lock.ts";
     console.log((await acquireLock("album", ${JSON.stringify(folder.path)})).state);
     setInterval(() => {}, 1000);`,
  );
  await readUntil(child.stdout, "held");
  assert.deepEqual(await acquireLock("album", folder.path), { state: "busy" });
  child.kill("SIGKILL");
  await child.status;
  await child.stderr.cancel();
  held(await acquireLock("album", folder.path)).release();
});

Deno.test("the lock file stays, empty", async () => {
  using folder = temporaryFolder();
  held(await acquireLock("album", folder.path)).release();
  assert.equal(Deno.readTextFileSync(await lockFilePath("album", folder.path)), "");
});

Deno.test("where no lock can be had the reason is told", async () => {
  using folder = temporaryFolder();
  const result = await acquireLock("album", `${folder.path}/missing`);
  assert.equal(result.state, "unavailable");
  assert.match(result.state === "unavailable" ? result.reason : "", /cannot lock .*missing/);
});

Deno.test({
  name: "a link in the place of the lock file is not followed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using folder = temporaryFolder();
    const target = `${folder.path}/target`;
    Deno.symlinkSync(target, await lockFilePath("album", folder.path));
    assert.equal((await acquireLock("album", folder.path)).state, "unavailable");
    assert.throws(() => Deno.statSync(target), Deno.errors.NotFound);
  },
});

Deno.test({
  name: "a lock file that may only be read can be locked",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using folder = temporaryFolder();
    Deno.writeTextFileSync(await lockFilePath("album", folder.path), "", { mode: 0o444 });
    held(await acquireLock("album", folder.path)).release();
  },
});

Deno.test("isLocked() tells whether somebody holds the lock, and makes no file", async () => {
  using folder = temporaryFolder();
  assert.equal(await isLocked("album", folder.path), false);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
  const lock = held(await acquireLock("album", folder.path));
  assert.equal(await isLocked("album", folder.path), true);
  assert.equal(await isLocked("another", folder.path), false);
  lock.release();
  assert.equal(await isLocked("album", folder.path), false);
});

Deno.test("whoever looks at the lock keeps nobody from taking it", async () => {
  using folder = temporaryFolder();
  held(await acquireLock("album", folder.path)).release();
  // Held as long as no look takes, so that the lock is sure to be asked for in the meantime.
  using file = Deno.openSync(await lockFilePath("album", folder.path), { read: true });
  assert.equal(file.tryLockSync(false), true);
  const lock = acquireLock("album", folder.path);
  setTimeout(() => file.unlockSync(), 10);
  held(await lock).release();
});
