import {
  type Asset,
  createWorld,
  type Emulator,
  MINIMAL_PERMISSIONS,
  type Person,
  startEmulator,
  type User,
  type World,
} from "../emulator/mod.ts";

interface CountedLibrary {
  readonly world: World;
  readonly alice: User;
  readonly anna: Person;
  /** Those that match. */
  readonly assets: Asset[];
  readonly portraits: Asset[];
  readonly key: string;
}

/** A library of `faceless` assets that match and as many as wanted that show Anna. */
export function createLibrary(faceless: number, withAnna = 1): CountedLibrary {
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

export async function start(
  version: string,
  library: CountedLibrary,
): Promise<Emulator> {
  return await startEmulator({ version, world: library.world });
}
