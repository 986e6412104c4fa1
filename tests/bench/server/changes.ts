import type { LazyWorld } from "../library/lazy_world.ts";
import { TRASHED } from "../library/library.ts";

export const ALBUM_NAME = "Faceless";
/** Always the same, so that recorded requests can be repeated. */
const ALBUM_ID = "a1b00000-0000-4000-8000-000000000001";

/** The album of the benchmark as it stands against the truth. */
export interface AlbumState {
  readonly size: number;
  /** Faceless assets that are not in it. */
  readonly missing: number;
  /** Members that are not faceless. */
  readonly wrong: number;
}

/** No albums, and the library as it was made. */
export function reset(world: LazyWorld): void {
  world.albums.clear();
  world.library.restore();
}

/** An album of all faceless assets: what a first sync leaves. */
export function fillAlbum(world: LazyWorld): void {
  const { assets } = world.addAlbum({ owner: world.owner, name: ALBUM_NAME, id: ALBUM_ID });
  assets.addWhere((index) => world.library.isFaceless(index));
}

/**
 * Faces are recognised on half of so many assets of the album, and half as many others lose theirs;
 * all over the library.
 */
export function changeAssets(world: LazyWorld, count: number): void {
  const { library } = world;
  for (let change = 0; change < count; change++) {
    const gains = change % 2 === 0;
    let index = Math.floor((change + 0.5) * library.size / count);
    while (index < library.size && !canChange(world, index, gains)) index++;
    if (index < library.size) library.setPeople(index, gains ? [1] : []);
  }
}

function canChange({ library }: LazyWorld, index: number, gains: boolean): boolean {
  if (gains) return library.isFaceless(index);
  // Who loses a stranger's only face would change who is listed.
  const isShown = library.visibilityAt(index) === "timeline" && !library.has(index, TRASHED);
  const numbers = library.peopleAt(index);
  return isShown && numbers.length > 0 &&
    numbers.every((number) => number <= library.options.people);
}

export function albumState(world: LazyWorld): AlbumState | null {
  const album = world.albums.values().find(({ name }) => name === ALBUM_NAME);
  if (album === undefined) return null;
  let missing = 0, wrong = 0;
  for (let index = 0; index < world.library.size; index++) {
    const belongs = world.library.isFaceless(index);
    if (belongs === album.assets.hasIndex(index)) continue;
    if (belongs) missing++;
    else wrong++;
  }
  return { size: album.assets.size, missing, wrong };
}
