import {
  type Album,
  type Asset,
  createWorld,
  MINIMAL_PERMISSIONS,
  type Person,
  type User,
  type World,
} from "../emulator/mod.ts";

/** What a key needs to ask for differences. */
export const FAST: string[] = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"];

/** A first run would read everything, because nothing is known of an earlier one. */
export const NO_SCAN = { SCAN_EVERY: "0" };

interface DeltaLibrary {
  readonly world: World;
  readonly alice: User;
  readonly anna: Person;
  readonly things: Asset[];
  readonly portraits: Asset[];
  readonly album: Album;
  readonly keyWith: (permissions: string[]) => string;
}

/** Thirty things, which are in the album, and thirty portraits of Anna. */
export function createLibrary(): DeltaLibrary {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const things = Array.from({ length: 30 }, () => world.addAsset({ owner: alice }));
  const portraits = Array.from({ length: 30 }, () => world.addAsset({ owner: alice }));
  for (const asset of portraits) world.addFace({ asset, person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: things });
  const keyWith = (permissions: string[]) => world.addKey({ user: alice, permissions });
  return { world, alice, anna, things, portraits, album, keyWith };
}
