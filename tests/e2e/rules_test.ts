import assert from "node:assert/strict";
import { type Asset, createWorld, type Emulator, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";

const ALL_READING = [
  "asset.read",
  "album.read",
  "album.create",
  "albumAsset.create",
  "albumAsset.delete",
  "person.read",
];

/** One asset of each kind that the rules and the scope tell apart. */
function createKinds() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const bob = world.addUser({ name: "Bob" });
  world.addPartner({ from: bob, to: alice });
  const person = (name: string, hidden = false) => world.addPerson({ owner: alice, name, hidden });
  const anna = person("Anna");
  const ben = person("Ben");
  const own = (options: object = {}) => world.addAsset({ owner: alice, ...options });
  const kinds = {
    nobody: own(),
    anna: own(),
    ben: own(),
    unnamed: own(),
    hidden: own(),
    looseFace: own(),
    video: own({ type: "VIDEO" }),
    archived: own({ visibility: "archive" }),
    motion: own({ visibility: "hidden" }),
    trashed: own({ trashed: true }),
    young: own({ createdAt: new Date(Date.now() - 60_000).toISOString() }),
    partners: world.addAsset({ owner: bob }),
    partnersFriend: world.addAsset({ owner: bob }),
    partnersArchived: world.addAsset({ owner: bob, visibility: "archive" }),
  };
  world.addFace({ asset: kinds.anna, person: anna });
  world.addFace({ asset: kinds.ben, person: ben });
  world.addFace({ asset: kinds.unnamed, person: person("") });
  world.addFace({ asset: kinds.hidden, person: person("Harry", true) });
  world.addFace({ asset: kinds.looseFace });
  const friend = world.addPerson({ owner: bob, name: "Friend" });
  world.addFace({ asset: kinds.partnersFriend, person: friend });
  const album = world.addAlbum({ owner: alice, name: "Faceless" });
  const key = world.addKey({ user: alice, permissions: ALL_READING });
  return { world, alice, kinds, album, key };
}

type Kind = keyof ReturnType<typeof createKinds>["kinds"];

/** Syncs an album that holds `before` and returns the kinds that are in it afterwards. */
async function kindsAfter(
  version: string,
  settings: Readonly<Record<string, string>>,
  before: readonly Kind[] = [],
) {
  const { world, kinds, album, key } = createKinds();
  for (const kind of before) album.assets.add(kinds[kind]);
  await using emulator: Emulator = await startEmulator({ version, world });
  using home = createHome(emulator, key, settings);
  const outcome = await runForSummary({ cwd: home.folder });
  const names = new Map<Asset, string>(
    Object.entries(kinds).map(([name, asset]) => [asset, name]),
  );
  const inAlbum = [...album.assets].map((asset) => names.get(asset)).sort();
  emulator.clearRequests();
  if (outcome.code === 0) {
    const again = await runForSummary({ cwd: home.folder });
    assert.equal(again.code, 0);
    assert.deepEqual(emulator.writes(), [], "a second run changes nothing");
  }
  return { ...outcome, inAlbum };
}

const NO_PEOPLE = ["looseFace", "nobody", "video", "young"];
// From 3.2.2 on the people of partners' assets are not shown.
const EVERY_VERSION = ["2.7.5", "3.1.0", "3.2.0", "3.2.2"];

for (const version of EVERY_VERSION) {
  Deno.test(`each setting takes exactly the assets it names on Immich ${version}`, async () => {
    const cases: [Record<string, string>, string[]][] = [
      [{}, NO_PEOPLE],
      [{ FACELESS_RULE: "no-named-people" }, [...NO_PEOPLE, "unnamed"]],
      [
        { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Anna" },
        [...NO_PEOPLE, "ben", "hidden", "unnamed"],
      ],
      [
        { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Anna, Harry" },
        [...NO_PEOPLE, "ben", "unnamed"],
      ],
      [{ ASSET_TYPES: "image" }, ["looseFace", "nobody", "young"]],
      [{ ASSET_TYPES: "video" }, ["video"]],
      [{ INCLUDE_ARCHIVED: "true" }, [...NO_PEOPLE, "archived"]],
      [{ INCLUDE_PARTNERS: "yes" }, [...NO_PEOPLE, "partners"]],
      [
        { INCLUDE_PARTNERS: "1", INCLUDE_ARCHIVED: "on" },
        [...NO_PEOPLE, "archived", "partners"],
      ],
    ];
    for (const [settings, expected] of cases) {
      const { inAlbum, code, stderr } = await kindsAfter(version, settings);
      assert.equal(code, 0, stderr);
      assert.deepEqual(inAlbum, expected.toSorted(), JSON.stringify(settings));
    }
  });

  Deno.test(`what does not belong leaves the album on Immich ${version}, other owners' stay`, async () => {
    const every: Kind[] = [
      "nobody",
      "anna",
      "unnamed",
      "hidden",
      "archived",
      "motion",
      "trashed",
      "partners",
      "partnersFriend",
    ];
    const { inAlbum, summary } = await kindsAfter(version, {}, every);
    // What is in the trash is not listed: it comes back with the asset, and is judged then.
    assert.deepEqual(
      inAlbum,
      [...NO_PEOPLE, "partners", "partnersFriend", "trashed"].toSorted(),
    );
    assert.equal(summary.removed, 5);
    assert.equal(summary.assets.foreign, 2);
    const partners = await kindsAfter(version, { INCLUDE_PARTNERS: "true" }, every);
    assert.deepEqual(partners.inAlbum, [...NO_PEOPLE, "partners", "trashed"].toSorted());
  });

  Deno.test(`SYNC_MODE adds only or removes only on Immich ${version}`, async () => {
    const before: Kind[] = ["anna", "nobody"];
    const added = await kindsAfter(version, { SYNC_MODE: "add-only" }, before);
    assert.deepEqual(added.inAlbum, [...NO_PEOPLE, "anna"].toSorted());
    const removed = await kindsAfter(version, { SYNC_MODE: "remove-only" }, before);
    assert.deepEqual(removed.inAlbum, ["nobody"]);
  });

  Deno.test(`MIN_ASSET_AGE holds young uploads back on Immich ${version}, but removes none`, async () => {
    const held = await kindsAfter(version, { MIN_ASSET_AGE: "2h" });
    assert.deepEqual(held.inAlbum, ["looseFace", "nobody", "video"]);
    assert.equal(held.summary.assets.heldBack, 1);
    assert.equal(held.summary.assets.matching, 4);
    const kept = await kindsAfter(version, { MIN_ASSET_AGE: "2h" }, ["young"]);
    assert.deepEqual(kept.inAlbum, NO_PEOPLE.toSorted());
    assert.equal(kept.summary.assets.heldBack, 0);
  });
}

for (const version of ["2.7.5", "3.2.0"]) {
  Deno.test(`FACELESS_RULE=no-faces counts faces without a person on Immich ${version}`, async () => {
    const rule = { FACELESS_RULE: "no-faces" };
    const { inAlbum, summary, code, stderr } = await kindsAfter(version, rule, [
      "looseFace",
      "anna",
    ]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(inAlbum, ["nobody", "video", "young"]);
    assert.equal(summary.removed, 2);
    const archived = await kindsAfter(version, { ...rule, INCLUDE_ARCHIVED: "true" });
    assert.deepEqual(archived.inAlbum, ["archived", "nobody", "video", "young"]);
  });
}

Deno.test("FACELESS_RULE=no-faces is refused on Immich 3.1 with the way out", async () => {
  const { code, summary, inAlbum } = await kindsAfter("3.1.0", { FACELESS_RULE: "no-faces" });
  assert.equal(code, 1);
  assert.match(summary.error?.message ?? "", /no-faces.*3\.0 and 3\.1/);
  assert.match(summary.error?.hint ?? "", /3\.2.*no-people/);
  assert.deepEqual(inAlbum, []);
});

Deno.test("WITHOUT_PEOPLE names everybody it does not know", async () => {
  const { code, summary } = await kindsAfter("3.1.0", {
    FACELESS_RULE: "without",
    WITHOUT_PEOPLE: "Anna,Nobody,Noone",
  });
  assert.equal(code, 1);
  assert.match(summary.error?.message ?? "", /"Nobody".*"Noone"/);
});

Deno.test("MIN_ASSET_AGE=0 adds uploads whose time is ahead of this machine's clock", async () => {
  const { world, album, uploadedAgo } = createUploads();
  const asset = uploadedAgo(-2);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, keyOf(world));
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([summary.added, summary.assets.heldBack], [1, 0]);
  assert.deepEqual([...album.assets], [asset]);
});

Deno.test("MIN_ASSET_AGE goes by the server's clock, and a difference of over five minutes is told", async () => {
  for (const [aheadHours, side] of [[100, "behind"], [-100, "ahead of"], [0.05, ""]] as const) {
    const { world, album, uploadedAgo } = createUploads();
    const old = uploadedAgo(3 - aheadHours);
    uploadedAgo(1 - aheadHours);
    await using emulator = await startEmulator({ version: "3.1.0", world });
    const date = new Date(Date.now() + aheadHours * 3_600_000).toUTCString();
    emulator.faults.add({
      match: { path: /version/ },
      fault: {
        kind: "status",
        status: 200,
        body: { major: 3, minor: 1, patch: 0 },
        headers: { date },
      },
    });
    using home = createHome(emulator, keyOf(world), { MIN_ASSET_AGE: "2h" });
    const { summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([summary.added, summary.assets.heldBack], [1, 1]);
    assert.deepEqual([...album.assets], [old]);
    const told = /clock of this machine is 6,000 minutes (behind|ahead of) the server's/.exec(
      home.readLog(),
    );
    assert.equal(told?.[1] ?? "", side);
  }
});

function createUploads() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const album = world.addAlbum({ owner: alice, name: "Faceless" });
  const uploadedAgo = (hours: number) =>
    world.addAsset({
      owner: alice,
      createdAt: new Date(Date.now() - hours * 3_600_000).toISOString(),
    });
  return { world, album, uploadedAgo };
}

function keyOf(world: ReturnType<typeof createWorld>): string {
  const [user] = world.users;
  assert.ok(user);
  return world.addKey({ user, permissions: ALL_READING });
}
