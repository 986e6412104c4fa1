import {
  type Album,
  type Asset,
  createWorld,
  MINIMAL_PERMISSIONS,
  type User,
  type World,
} from "../../emulator/mod.ts";

export const ALBUM_NAME = "Faceless";

/** How much there is to do in a library that is made for one run. */
export interface Sizes {
  readonly toAdd: number;
  readonly toRemove: number;
  /** Whether the album is there, with something to keep and of other people in it. */
  readonly album: boolean;
  /** For Immich 3.2: so many other assets and such a key that a run asks for differences only. */
  readonly others?: number;
}

/** Permissions for that. */
export const FAST = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"];

/** A server's world with something of everything to do for Alice, and what is right in the end. */
export interface Library {
  readonly world: World;
  readonly alice: User;
  readonly key: string;
  /** What the album holds before any run, and what it has to hold in the end. */
  readonly before: ReadonlySet<Asset>;
  readonly right: ReadonlySet<Asset>;
  /** Everything that no run may change, as one text. */
  readonly untouchable: string;
}

export function createLibrary(sizes: Sizes): Library {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const toAdd = Array.from({ length: sizes.toAdd }, (_, i) => {
    const asset = world.addAsset({ owner: alice, type: i % 10 === 0 ? "VIDEO" : "IMAGE" });
    if (i % 7 === 0) world.addFace({ asset }); // a face of nobody
    return asset;
  });
  const portrait = world.addAsset({ owner: alice, visibility: "archive" });
  world.addFace({ asset: portrait, person: anna });
  for (const visibility of ["archive", "hidden", "locked"] as const) {
    world.addAsset({ owner: alice, visibility });
  }
  world.addAsset({ owner: alice, trashed: true });
  for (let i = 0; i < (sizes.others ?? 0); i++) {
    world.addFace({ asset: world.addAsset({ owner: alice }), person: anna });
  }
  const right = new Set(toAdd);
  let before = new Set<Asset>();
  if (sizes.album) {
    const unfit = addUnfit(world, alice, sizes.toRemove);
    const staying = addStaying(world, alice);
    before = new Set([...unfit, ...staying]);
    for (const asset of staying) right.add(asset);
    const bob = world.users.find(({ name }) => name === "Bob");
    world.addAlbum({
      owner: alice,
      name: ALBUM_NAME,
      assets: before,
      // A shared one is always listed as a whole.
      users: bob === undefined || sizes.others !== undefined ? [] : [{ user: bob, role: "editor" }],
    });
    world.addAlbum({ owner: alice, name: "Other", assets: [...toAdd.slice(0, 20), ...unfit] });
    if (bob !== undefined) world.addAlbum({ owner: bob, name: ALBUM_NAME });
  }
  const key = world.addKey({
    user: alice,
    permissions: sizes.others === undefined ? MINIMAL_PERMISSIONS : FAST,
  });
  return { world, alice, key, before, right, untouchable: fingerprint(world, alice) };
}

/** In the album and of every kind that has to leave it. */
function addUnfit(world: World, alice: User, count: number): Asset[] {
  const ben = world.addPerson({ owner: alice, name: "" });
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return world.addAsset({ owner: alice, visibility: "archive" });
    if (i === 1) return world.addAsset({ owner: alice, visibility: "hidden", type: "VIDEO" });
    const asset = world.addAsset({ owner: alice });
    world.addFace({ asset, person: ben });
    return asset;
  });
}

/** In the album and to stay: what belongs, what is Bob's, and the trash, of which no answer tells. */
function addStaying(world: World, alice: User): Asset[] {
  const bob = world.addUser({ name: "Bob" });
  const foreign = Array.from({ length: 6 }, (_, i) => {
    const asset = world.addAsset({ owner: bob, visibility: i === 5 ? "archive" : "timeline" });
    const friend = world.addPerson({ owner: bob, name: "Friend" });
    if (i % 2 === 0) world.addFace({ asset, person: friend });
    return asset;
  });
  const own = Array.from({ length: 60 }, () => world.addAsset({ owner: alice }));
  return [...own, ...foreign, world.addAsset({ owner: alice, trashed: true })];
}

/** Albums that a run takes for its own. */
export function ownAlbums({ world, alice }: Library): Album[] {
  return [...world.albums.values()]
    .filter(({ owner, name }) => owner === alice && name === ALBUM_NAME);
}

export function membersOf(library: Library): Set<Asset> {
  return new Set(ownAlbums(library).flatMap(({ assets }) => [...assets]));
}

/** All assets, and all albums but Alice's own one. */
function fingerprint(world: World, alice: User): string {
  const assets = [...world.assets.values()].map((asset) => [
    ...[asset.id, asset.name, asset.visibility, asset.trashedAt, asset.favourite],
    ...asset.faces.map(({ id, person }) => `${id} ${person?.id}`),
  ]);
  const albums = [...world.albums.values()]
    .filter(({ owner, name }) => owner !== alice || name !== ALBUM_NAME)
    .map(({ id, name, assets }) => [id, name, ...[...assets].map((asset) => asset.id)]);
  return JSON.stringify([assets, albums]);
}

/**
 * What is wrong with the album as a run left it that may have been ended at any point; undefined
 * when it is on the way from `before` to `right`: nothing that belongs has gone, nothing came that
 * does not, removals only after all additions, one album at most, all else untouched.
 */
export function wrongOnTheWay(library: Library): string | undefined {
  const { before, right, world, alice } = library;
  const count = ownAlbums(library).length;
  if (count > 1) return `there are ${count} albums`;
  const members = membersOf(library);
  const lost = [...before].filter((asset) => right.has(asset) && !members.has(asset));
  if (lost.length > 0) return `${lost.length} assets that belong were removed`;
  const strange = [...members].filter((asset) => !before.has(asset) && !right.has(asset));
  if (strange.length > 0) return `${strange.length} assets were added that don't belong`;
  const removed = [...before].filter((asset) => !members.has(asset)).length;
  const missing = [...right].filter((asset) => !members.has(asset)).length;
  if (removed > 0 && missing > 0) {
    return `${removed} assets were removed while ${missing} were still to be added`;
  }
  if (fingerprint(world, alice) !== library.untouchable) {
    return "something else than the album was changed";
  }
  return undefined;
}

/** As `wrongOnTheWay`, for a run that was not ended: exactly one album, exactly the right one. */
export function wrongInTheEnd(library: Library): string | undefined {
  const wrong = wrongOnTheWay(library);
  if (wrong !== undefined) return wrong;
  const { length } = ownAlbums(library);
  if (length !== 1) return `there are ${length} albums`;
  const members = membersOf(library);
  const missing = [...library.right].filter((asset) => !members.has(asset)).length;
  const tooMany = members.size - (library.right.size - missing);
  return missing + tooMany === 0 ? undefined : `${missing} are missing, ${tooMany} too many`;
}
