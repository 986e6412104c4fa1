import assert from "node:assert/strict";
import { dirname } from "node:path";
import { acquireLock, isLocked, lockFilePath, lockFolder } from "../../../src/system/lock.ts";
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
    Deno.writeTextFileSync(target, "");
    assert.equal((await acquireLock("album", folder.path)).state, "unavailable");
    const look = await isLocked("album", folder.path);
    assert.match(typeof look === "object" ? look.reason : "", /not a regular file/);
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

Deno.test("all users and services of a machine look for locks in one folder", () => {
  const lookup = (variables: Record<string, string>) => (name: string) => variables[name];
  const temporary = { TMPDIR: "/a", TMP: "C:\\a", TEMP: "C:\\a" };
  for (const variables of [{}, temporary]) {
    assert.equal(lockFolder(lookup(variables), "linux"), "/tmp");
    assert.equal(lockFolder(lookup(variables), "darwin"), "/tmp");
    assert.equal(lockFolder(lookup(variables), "windows"), "C:\\ProgramData");
  }
  const elsewhere = { ...temporary, ProgramData: "D:\\Common Data" };
  assert.equal(lockFolder(lookup(elsewhere), "windows"), "D:\\Common Data");
  for (const folder of ["", "ProgramData", "C:x", "\\\\nas\\x"]) {
    assert.equal(lockFolder(lookup({ ProgramData: folder }), "windows"), "C:\\ProgramData");
  }
});

Deno.test({
  name: "whatever the umask, other users can lock the file but not write to it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const umask of [0o000, 0o077]) {
      using folder = temporaryFolder();
      const before = Deno.umask(umask);
      held(await acquireLock("album", folder.path)).release();
      Deno.umask(before);
      const { mode } = Deno.statSync(await lockFilePath("album", folder.path));
      assert.equal((mode ?? 0) & 0o777, 0o644);
    }
  },
});

Deno.test({
  name: "another user's run keeps ours out, in a sticky folder too",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
  fn: async () => {
    using folder = temporaryFolder();
    Deno.chmodSync(folder.path, 0o1777);
    const path = await lockFilePath("album", folder.path);
    Deno.writeTextFileSync(path, "", { mode: 0o644 });
    Deno.chownSync(path, 65534, 65534);
    using _lock = held(await acquireLock("album", folder.path));
    const child = new Deno.Command("setpriv", {
      args: ["--reuid=65533", "--regid=65533", "--clear-groups", "flock", "-n", "-x", path, "true"],
    });
    assert.equal((await child.output()).code, 1);
  },
});

Deno.test("a file that cannot be unlocked any more is no trouble", async () => {
  using folder = temporaryFolder();
  const lock = held(await acquireLock("album", folder.path));
  const original = Deno.FsFile.prototype.unlockSync;
  Deno.FsFile.prototype.unlockSync = () => {
    throw new Error("The segment is already unlocked. (os error 158)");
  };
  try {
    lock.release();
  } finally {
    Deno.FsFile.prototype.unlockSync = original;
  }
  held(await acquireLock("album", folder.path)).release();
});

Deno.test({
  name: "a lock file that goes in the moment of locking is no lock: the next run makes another",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using folder = temporaryFolder();
    const path = await lockFilePath("album", folder.path);
    const original = Deno.FsFile.prototype.tryLockSync;
    Deno.FsFile.prototype.tryLockSync = function (exclusive) {
      Deno.removeSync(path);
      return original.call(this, exclusive);
    };
    try {
      const result = await acquireLock("album", folder.path);
      assert.equal(result.state, "unavailable");
    } finally {
      Deno.FsFile.prototype.tryLockSync = original;
    }
    held(await acquireLock("album", folder.path)).release();
  },
});
