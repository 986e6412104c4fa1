import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS } from "../emulator/mod.ts";
import { checkWith, createLibrary, FULL } from "../support/checking.ts";
import { VERSIONS } from "../emulator/versions.ts";

const README = Deno.readTextFileSync(new URL("../../README.md", import.meta.url))
  .replaceAll("\r\n", "\n");

Deno.test("check says how often all is read although the server can be asked for differences", async () => {
  const library = createLibrary();
  for (
    const [every, said] of [
      [undefined, /reads everything every 24 hours \(SCAN_EVERY\) and while most/],
      ["7d", /reads everything every 7 days \(SCAN_EVERY\) and while most/],
      ["0", /it reads everything while most of the library differs$/],
    ] as const
  ) {
    const settings = every === undefined ? {} : { SCAN_EVERY: every };
    const { the } = await checkWith({ ...library, version: "3.2.0", settings });
    assert.match(the("strategy").message, /^delta: a run asks for the differences only; /);
    assert.match(the("strategy").message, said);
  }
});

Deno.test("check warns of a key that may do more than needed, and of one that makes runs slow", async () => {
  const more = createLibrary([...FULL, "asset.delete"]);
  const surplus = await checkWith({ ...more, version: "3.2.0" });
  assert.equal(surplus.code, 0);
  assert.match(surplus.the("key").text, /more permissions than needed: asset\.delete /);
  const least = createLibrary(MINIMAL_PERMISSIONS);
  const slow = await checkWith({ ...least, version: "3.2.0" });
  assert.equal(slow.code, 0);
  assert.match(slow.the("key").text, /lacks person\.read and asset\.statistics/);
  assert.match(slow.the("strategy").message, /^scan.*lacks person\.read and asset\.statistics/);
  const older = await checkWith({ ...createLibrary(MINIMAL_PERMISSIONS), version: "3.1.0" });
  assert.equal(older.the("key").status, "ok");
  assert.match(older.the("key").message, /asset\.view would add pictures to reports/);
});

Deno.test("check wants only the permissions that the configuration needs", async () => {
  const { world, alice } = createLibrary();
  const permissions = ["asset.read", "album.read", "albumAsset.create"];
  const key = world.addKey({ user: alice, permissions });
  const { code, the } = await checkWith({ world, key, settings: { SYNC_MODE: "add-only" } });
  assert.equal(code, 0);
  assert.equal(the("key").status, "ok");
  const without = await checkWith({
    world,
    key: world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS }),
    settings: { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Anna" },
  });
  assert.match(without.the("key").message, /lacks person\.read/);
  const missing = createLibrary(MINIMAL_PERMISSIONS.filter((name) => name !== "album.create"));
  const other = await checkWith({ ...missing, settings: { ALBUM_NAME: "Another" } });
  assert.equal(other.code, 1);
  assert.match(other.the("key").message, /lacks album\.create/);
});

Deno.test("check tells that 3.1 can't answer FACELESS_RULE=no-faces, and who is not known", async () => {
  const { world, key } = createLibrary();
  const settings = { FACELESS_RULE: "no-faces" };
  const old = await checkWith({ world, key, settings });
  assert.equal(old.code, 1);
  assert.match(old.the("rule").text, /no-faces does not work.*Update Immich to 3\.2/);
  assert.equal((await checkWith({ world, key, settings, version: "3.2.0" })).code, 0);
  const unknown = { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Nobody" };
  const { code, the } = await checkWith({ world, key, settings: unknown });
  assert.equal(code, 1);
  assert.match(the("rule").message, /nobody has the name or id "Nobody"/);
});

Deno.test("check tells of an album that is missing, twice there, shared, or not to be changed", async () => {
  const missing = createLibrary();
  const none = await checkWith({ ...missing, settings: { ALBUM_NAME: "Another" } });
  assert.equal(none.code, 0);
  assert.match(none.the("album").message, /"Another" does not exist yet; the first run creates it/);

  const twice = createLibrary();
  const other = twice.world.addAlbum({ owner: twice.alice, name: "Faceless" });
  const { code, the, findings } = await checkWith(twice);
  assert.equal(code, 1);
  for (const { id } of [twice.album, other]) assert.ok(the("album").message.includes(id));
  assert.match(the("album").hint ?? "", /ALBUM_ID/);
  assert.equal(findings.filter(({ status }) => status === "problem").length, 1, "told once");

  const shared = createLibrary();
  const bob = shared.world.addUser({ name: "Bob" });
  shared.album.users.set(bob, "editor");
  shared.album.assets.add(shared.world.addAsset({ owner: bob }));
  const foreign = await checkWith({ ...shared, version: "3.2.0" });
  assert.equal(foreign.code, 0);
  assert.match(
    foreign.the("album").message,
    /2 assets, shared with 1 user, 1 of them other people's/,
  );
  assert.match(foreign.the("strategy").message, /^scan.*the album is shared/);

  const viewed = createLibrary();
  const carol = viewed.world.addUser({ name: "Carol" });
  const hers = viewed.world.addAlbum({
    owner: carol,
    name: "Hers",
    users: [{ user: viewed.alice, role: "viewer" }],
  });
  const viewer = await checkWith({ ...viewed, settings: { ALBUM_ID: hers.id } });
  assert.equal(viewer.code, 1);
  assert.match(viewer.the("album").text, /shared with you as viewer.*make you an editor/);
});

Deno.test("check reads an album that is not shared to see whose assets are in it, up to 5,000", async () => {
  const { world, key, album } = createLibrary();
  const bob = world.addUser({ name: "Bob" });
  while (album.assets.size < 5000) album.assets.add(world.addAsset({ owner: bob }));
  const read = await checkWith({ world, key });
  assert.match(read.the("album").message, /5,000 assets, 4,999 of them other people's/);
  album.assets.add(world.addAsset({ owner: bob }));
  const larger = await checkWith({ world, key });
  assert.match(
    larger.the("album").message,
    /5,001 assets, not counted how many belong to other/,
  );
});

Deno.test("check tells of a library without people, without assets, and of partners", async () => {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const key = world.addKey({ user: alice, permissions: FULL });
  const empty = await checkWith({ world, key });
  assert.equal(empty.code, 0);
  assert.match(empty.the("library").text, /no assets.*API_KEY/);
  for (let i = 0; i < 100; i++) world.addAsset({ owner: alice });
  const few = (await checkWith({ world, key })).the("library");
  assert.deepEqual([few.status, few.message], [
    "ok",
    "100 assets, 0 people; nobody is on 100 assets",
  ]);
  world.addAsset({ owner: alice });
  for (const version of VERSIONS) {
    const { code, the } = await checkWith({ world, key, version });
    assert.equal(code, 0);
    assert.equal(the("library").status, "warning");
    assert.match(the("library").text, /nobody is on 101 assets.*ALLOW_NO_PEOPLE/);
  }
  const bob = world.addUser({ name: "Bob" });
  world.addAsset({ owner: bob });
  world.addPartner({ from: bob, to: alice });
  for (const version of VERSIONS) {
    const left = await checkWith({ world, key, version });
    assert.match(left.the("partners").message, /1 asset of partners .*, left out/);
    assert.match(left.the("library").message, /^101 assets/);
  }
  const taken = await checkWith({ world, key, settings: { INCLUDE_PARTNERS: "true" } });
  assert.equal(taken.the("partners").status, "warning");
});

Deno.test("check tells what missed looks at, and which permission would add what", async () => {
  const faces = { "2.7.5": true, "3.1.0": false, "3.2.0": true } as const;
  for (const [version, seesFaces] of Object.entries(faces)) {
    const { world, key } = createLibrary();
    const without = (await checkWith({ world, key, version })).the("missed");
    assert.equal(without.status, "ok");
    assert.equal(/^looks at unassigned faces, duplicates/.test(without.message), seesFaces);
    assert.match(without.message, /duplicates, neighbours in time; smart search is switched off/);
    assert.match(without.message, /optional for the key .*stack\.read for stacks/);
    assert.equal(without.message.includes("face.read"), version !== "2.7.5");
    // The README shows the line of this key on 3.2.
    if (version === "3.2.0") assert.ok(README.includes(`missed         ${without.message}\n`));
    const all = createLibrary([...FULL, "face.read", "stack.read"]);
    all.world.machineLearning = "on";
    const { the } = await checkWith({ ...all, version });
    assert.equal(
      the("missed").message,
      "looks at unassigned faces, duplicates, stacks, neighbours in time, smart search",
    );
    assert.equal(the("key").status, "ok");
    if (version !== "3.1.0") {
      const settings = { FACELESS_RULE: "no-faces" };
      const { the } = await checkWith({ ...createLibrary(), version, settings });
      assert.doesNotMatch(the("missed").message, /face/);
    }
    const { code, the: told } = await checkWith({
      ...createLibrary(),
      version,
      settings: { IMMICH_RETRIES: "0" },
      prepare: ({ faults }) =>
        faults.add({ match: { path: /features/ }, fault: { kind: "status", status: 500 } }),
    });
    assert.equal(code, 0);
    assert.match(told("missed").message, /does not say whether smart search is on/);
  }
  const { the, findings } = await checkWith(createLibrary(["album.read"]));
  assert.match(the("key").message, /asset\.read/);
  assert.ok(!findings.some(({ name }) => name === "missed"));
});
