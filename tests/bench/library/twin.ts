import type { Album } from "../../emulator/model.ts";
import { rowTimeOf } from "../../emulator/time.ts";
import { createWorld, type World } from "../../emulator/world.ts";
import { faceIdOf, type LazyWorld } from "./lazy_world.ts";
import { BARE_FACE } from "./library.ts";

/** The same user, people, assets, and albums in an ordinary world, where each asset is an object. */
export function makeTwin(lazy: LazyWorld): World {
  const world = createWorld();
  const owner = world.addUser({ name: lazy.owner.name, id: lazy.owner.id });
  const people = lazy.personOf.map(({ id, name, hidden }) =>
    world.addPerson({ owner, id, name, hidden })
  );
  const { library } = lazy;
  for (let index = 0; index < library.size; index++) {
    const { id, name, type, takenAt, createdAt, visibility, trashedAt, favourite } = lazy
      .assetAt(index);
    const asset = world.addAsset({
      owner,
      ...{ id, name, type, visibility, favourite },
      takenAt: rowTimeOf(takenAt),
      createdAt: rowTimeOf(createdAt),
      trashed: trashedAt !== null,
    });
    const numbers = library.peopleAt(index);
    for (const [slot, number] of numbers.entries()) {
      world.addFace({ asset, person: people[number - 1] ?? null, id: faceIdOf(id, slot) });
    }
    if (library.has(index, BARE_FACE)) world.addFace({ asset, id: faceIdOf(id, numbers.length) });
  }
  for (const album of lazy.albums.values()) copyAlbum(world, album);
  for (const { secret, permissions, ...key } of lazy.keys.values()) {
    world.keys.set(secret, { ...key, secret, user: owner, permissions: [...permissions] });
  }
  return world;
}

function copyAlbum(world: World, album: Album): void {
  const owner = world.users.find(({ id }) => id === album.owner.id);
  if (owner === undefined) throw new Error(`no owner ${album.owner.id}`);
  const assets = [...album.assets].flatMap(({ id }) => world.assets.get(id) ?? []);
  const { id, name, createdAt } = album;
  const copy = world.addAlbum({ owner, id, name, assets, createdAt: rowTimeOf(createdAt) });
  copy.updatedAt = album.updatedAt;
  copy.thumbnail = album.thumbnail === null ? null : world.assets.get(album.thumbnail.id) ?? null;
}
