import { createWorld, MINIMAL_PERMISSIONS, type User, type World } from "../emulator/mod.ts";

/** A server of Alice alone with so many assets that show nobody, and the smallest key that syncs. */
export function createSmallLibrary(assets = 1): { world: World; alice: User; key: string } {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  for (let index = 0; index < assets; index++) world.addAsset({ owner: alice });
  return { world, alice, key: world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS }) };
}
