import {
  type Album,
  type ApiKey,
  createWorld,
  type Face,
  MINIMAL_PERMISSIONS,
  type User,
  type World,
} from "../../emulator/mod.ts";
import type { Stage } from "./stage.ts";

/** Alice is us, Bob a stranger who is in an album with her, Paula her partner. */
export function people(): { world: World; alice: User; bob: User; paula: User } {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const bob = world.addUser({ name: "Bob" });
  const paula = world.addUser({ name: "Paula" });
  world.addPartner({ from: paula, to: alice });
  return { world, alice, bob, paula };
}

const isSomebody = ({ person }: Face) => person !== null;

/** An own album of what shows nobody, by a key with the permissions that are named here, too. */
export function usually(
  world: World,
  us: User,
  ...permissions: string[]
): Omit<Stage, "cast" | "expected"> {
  return {
    ...{ world, us, key: keyOf(world, us, ...permissions) },
    wish: { archived: false, partners: false, types: ["IMAGE", "VIDEO"], counts: isSomebody },
    settings: {},
    album: () => ownAlbum(world, us),
  };
}

function ownAlbum(world: World, us: User): Album | undefined {
  return [...world.albums.values()].find(({ owner, name }) => owner === us && name === "Faceless");
}

export function keyOf(world: World, user: User, ...more: string[]): ApiKey {
  const key = world.keys.get(
    world.addKey({ user, permissions: [...MINIMAL_PERMISSIONS, ...more] }),
  );
  if (key === undefined) throw new Error("a key that was just added is gone");
  return key;
}
