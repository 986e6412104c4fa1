import {
  type Asset,
  createWorld,
  type Emulator,
  MINIMAL_PERMISSIONS,
  type User,
  type World,
} from "../emulator/mod.ts";

/** A server of Alice alone with so many assets that show nobody, and the smallest key that syncs. */
export function createSmallLibrary(
  assets = 1,
): { world: World; alice: User; asset: Asset; key: string } {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const asset = world.addAsset({ owner: alice });
  for (let more = 1; more < assets; more++) world.addAsset({ owner: alice });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  return { world, alice, asset, key };
}

/** Lets each run fail from now on, with Immich's answer to a search. */
export function breakSearch(emulator: Emulator): void {
  emulator.faults.add({
    match: { path: /search/ },
    fault: { kind: "status", status: 400, body: { message: "no" } },
  });
}
