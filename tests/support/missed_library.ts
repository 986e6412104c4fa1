import {
  type Album,
  type Asset,
  createWorld,
  MINIMAL_PERMISSIONS,
  type Person,
  type User,
  type World,
} from "../emulator/mod.ts";
import type { NewAsset } from "../emulator/world.ts";

/** With these every reason can be looked for on every generation. */
export const ALL_PERMISSIONS: readonly string[] = [
  ...MINIMAL_PERMISSIONS,
  "asset.view",
  "face.read",
  "person.read",
  "stack.read",
];

/** A library in which one asset was missed for each reason, and some things that show nobody. */
export interface MissedLibrary {
  readonly world: World;
  readonly owner: User;
  readonly anna: Person;
  readonly album: Album;
  readonly key: string;
  /** An asset taken so many seconds after a moment of 2024; it shows these people. */
  readonly take: (
    name: string,
    second: number,
    people?: readonly Person[],
    more?: Partial<NewAsset>,
  ) => Asset;
}

/** The file names of those that were missed, the best reason first. */
export const MISSED: readonly string[] = [
  "face.jpg",
  "duplicate.jpg",
  "stacked.jpg",
  "blurred.jpg",
  "looks-like.jpg",
];

export function createMissedLibrary(permissions = ALL_PERMISSIONS): MissedLibrary {
  const world = createWorld();
  world.machineLearning = "on";
  const owner = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner, name: "Anna" });
  const take: MissedLibrary["take"] = (name, second, people = [], more = {}) => {
    const takenAt = new Date(Date.UTC(2024, 5, 1) + second * 1000).toISOString();
    const asset = world.addAsset({ owner, name, takenAt, ...more });
    for (const person of people) world.addFace({ asset, person });
    asset.likeness = people.length > 0 ? 0.3 + world.assets.size / 10_000 : 0.1;
    return asset;
  };
  // A burst in which the middle one was missed.
  take("IMG_2041.jpg", 0, [anna]);
  const blurred = take("blurred.jpg", 4);
  take("IMG_2043.jpg", 6, [anna]);
  const face = take("face.jpg", 2000);
  // 3.0 and 3.1 can only be asked about what is a candidate already.
  face.likeness = 0.305;
  const box = { x1: 360, y1: 108, x2: 720, y2: 540, width: 1440, height: 1080 };
  world.addFace({ asset: face, box });
  const duplicate = take("duplicate.jpg", 4000);
  const original = take("original.jpg", 8000, [anna]);
  duplicate.duplicateId = original.duplicateId = world.ids.next();
  const stacked = take("stacked.jpg", 12_000);
  world.addStack({ primary: take("cover.jpg", 16_000, [anna]), others: [stacked] });
  const like = take("looks-like.jpg", 20_000);
  like.likeness = 0.303;
  // For smart search: what is in between, of which the album has nothing.
  for (let day = 10; day < 40; day++) {
    take(`portrait${day}.jpg`, day * 86_400, [anna]);
    take(`view${day}.jpg`, day * 86_400 + 40_000).likeness = 0.2;
  }
  const things = ["receipt.jpg", "mountain.jpg"].map((name, i) => take(name, 30_000 + i * 500));
  const assets = [blurred, face, duplicate, stacked, like, ...things];
  const album = world.addAlbum({ owner, name: "Faceless", assets });
  const key = world.addKey({ user: owner, permissions: [...permissions] });
  return { world, owner, anna, album, key, take };
}
