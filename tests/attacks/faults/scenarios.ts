import { keyOf, people, usually } from "./library.ts";
import type { Scenario, Stage } from "./stage.ts";
import { VERSIONS } from "../../emulator/versions.ts";

/** The usual case: the own album "Faceless", into which Bob and Paula have put assets too. */
export const MIRROR: Scenario = {
  name: "mirror",
  versions: VERSIONS,
  build(): Stage {
    const { world, alice, bob, paula } = people();
    const anna = world.addPerson({ owner: alice, name: "Anna" });
    const unnamed = world.addPerson({ owner: alice, name: "" });
    const ben = world.addPerson({ owner: bob, name: "Ben" });
    const own = (name: string) => world.addAsset({ owner: alice, name });
    const kept = own("kept");
    const missing = own("new-photo");
    const video = world.addAsset({ owner: alice, name: "new-video", type: "VIDEO" });
    const stranger = own("new-with-a-face-of-nobody");
    world.addFace({ asset: stranger });
    const cleared = own("new-with-a-removed-face");
    world.addFace({ asset: cleared, person: anna, deleted: true });
    world.addFace({ asset: own("anna-not-in-album"), person: anna });
    const unfit = own("anna-in-album");
    world.addFace({ asset: unfit, person: anna });
    const somebody = own("unnamed-in-album");
    world.addFace({ asset: somebody, person: unnamed });
    const archived = world.addAsset({ owner: alice, name: "archived", visibility: "archive" });
    world.addAsset({ owner: alice, name: "archived-not-in-album", visibility: "archive" });
    const motion = world.addAsset({
      owner: alice,
      name: "motion",
      type: "VIDEO",
      visibility: "hidden",
    });
    world.addAsset({ owner: alice, name: "live-photo", livePhotoVideo: motion });
    const trashed = world.addAsset({ owner: alice, name: "trashed", trashed: true });
    world.addAsset({ owner: alice, name: "locked", visibility: "locked" });
    const bobs = world.addAsset({ owner: bob, name: "bobs" });
    const bobsBen = world.addAsset({ owner: bob, name: "bobs-ben" });
    world.addFace({ asset: bobsBen, person: ben });
    const paulas = world.addAsset({ owner: paula, name: "paulas" });
    world.addAsset({ owner: paula, name: "paulas-not-in-album" });
    world.addAlbum({
      owner: alice,
      name: "Faceless",
      assets: [kept, unfit, somebody, archived, motion, trashed, bobs, bobsBen, paulas],
      users: [{ user: bob, role: "editor" }],
    });
    world.addAlbum({ owner: alice, name: "Holidays", assets: [kept, unfit, missing] });
    world.addAlbum({ owner: bob, name: "Faceless", assets: [bobs] });
    spreadOver(2, world);
    return {
      ...usually(world, alice),
      cast: { missing, unfit, kept },
      expected: {
        added: [missing, video, stranger, cleared].map(({ name }) => name).concat("live-photo"),
        removed: [unfit, somebody, archived, motion].map(({ name }) => name),
      },
    };
  },
};

/** Every option that asks the server for more: Bob's album by id, partners, archive, people. */
export const SHARED: Scenario = {
  name: "shared",
  versions: VERSIONS,
  build(): Stage {
    const { world, alice, bob, paula } = people();
    const anna = world.addPerson({ owner: alice, name: "Anna" });
    const carl = world.addPerson({ owner: alice, name: "Carl" });
    const own = (name: string) => world.addAsset({ owner: alice, name });
    const kept = own("kept");
    const carls = own("carl");
    world.addFace({ asset: carls, person: carl });
    const missing = own("new-photo");
    const unfit = own("anna-in-album");
    world.addFace({ asset: unfit, person: anna });
    world.addFace({ asset: own("anna-not-in-album"), person: anna });
    world.addAsset({ owner: alice, name: "video", type: "VIDEO" });
    const archived = world.addAsset({ owner: alice, name: "archived", visibility: "archive" });
    const archivedAnna = world.addAsset({
      owner: alice,
      name: "archived-anna",
      visibility: "archive",
    });
    world.addFace({ asset: archivedAnna, person: anna });
    const paulas = world.addAsset({ owner: paula, name: "paulas" });
    world.addAsset({ owner: paula, name: "paulas-archived", visibility: "archive" });
    const paulasVideo = world.addAsset({ owner: paula, name: "paulas-video", type: "VIDEO" });
    const bobs = world.addAsset({ owner: bob, name: "bobs" });
    const album = world.addAlbum({
      owner: bob,
      name: "Landscapes",
      assets: [kept, unfit, archivedAnna, paulasVideo, bobs],
      users: [{ user: alice, role: "editor" }],
    });
    return {
      world,
      key: keyOf(world, alice, "person.read"),
      us: alice,
      wish: {
        archived: true,
        partners: true,
        types: ["IMAGE"],
        counts: ({ person }) => person === anna,
      },
      settings: {
        ALBUM_ID: album.id,
        INCLUDE_ARCHIVED: "true",
        INCLUDE_PARTNERS: "true",
        ASSET_TYPES: "image",
        FACELESS_RULE: "without",
        WITHOUT_PEOPLE: "Anna",
      },
      album: () => world.albums.get(album.id),
      cast: { missing, unfit, kept },
      expected: {
        added: [carls, missing, archived, paulas].map(({ name }) => name),
        removed: [unfit, archivedAnna, paulasVideo].map(({ name }) => name),
      },
    };
  },
};

/** The first run: there is no album yet. */
export const FIRST: Scenario = {
  name: "first",
  versions: VERSIONS,
  build(): Stage {
    const { world, alice, paula } = people();
    const anna = world.addPerson({ owner: alice, name: "Anna" });
    const kept = world.addAsset({ owner: alice, name: "sky" });
    const missing = world.addAsset({ owner: alice, name: "lake" });
    const unfit = world.addAsset({ owner: alice, name: "anna" });
    world.addFace({ asset: unfit, person: anna });
    world.addAsset({ owner: paula, name: "paulas" });
    return {
      ...usually(world, alice),
      cast: { missing, unfit, kept },
      expected: { added: ["sky", "lake"], removed: [] },
    };
  },
};

/** Lists of two pages; what there is to do is on the second, the one with the older assets. */
export const PAGES: Scenario = {
  name: "pages",
  versions: VERSIONS,
  pages: true,
  build(): Stage {
    const { world, alice } = people();
    const anna = world.addPerson({ owner: alice, name: "Anna" });
    const own = (name: string) => world.addAsset({ owner: alice, name });
    const missing = own("new-photo");
    const unfit = own("anna-in-album");
    world.addFace({ asset: unfit, person: anna });
    world.addFace({ asset: own("anna-not-in-album"), person: anna });
    const kept = Array.from({ length: 1010 }, (_, i) => own(`kept-${i}`));
    const [first = missing] = kept;
    world.addAlbum({ owner: alice, name: "Faceless", assets: [unfit, ...kept] });
    return {
      ...usually(world, alice),
      cast: { missing, unfit, kept: first },
      expected: { added: [missing.name], removed: [unfit.name] },
    };
  },
};

/** Faces without a person count, which 3.2 tells by a structured search only. */
export const FACES: Scenario = {
  name: "faces",
  versions: ["2.7.5", "3.2.0"],
  build: () => facesStage(),
};

/** The same, with a key that may ask for the differences only. */
const DELTA_FACES: Scenario = {
  name: "delta of faces",
  versions: ["3.2.0"],
  build: () => facesStage("person.read", "asset.statistics"),
};

function facesStage(...permissions: string[]): Stage {
  const { world, alice, bob } = people();
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const own = (name: string) => world.addAsset({ owner: alice, name });
  const kept = own("kept");
  const missing = own("new-photo");
  const unfit = own("face-in-album");
  world.addFace({ asset: unfit });
  const annas = own("anna-in-album");
  world.addFace({ asset: annas, person: anna });
  world.addFace({ asset: own("face-not-in-album") });
  world.addFace({ asset: own("anna-not-in-album"), person: anna });
  const archived = world.addAsset({ owner: alice, name: "archived", visibility: "archive" });
  const archivedFace = world.addAsset({
    owner: alice,
    name: "archived-face",
    visibility: "archive",
  });
  world.addFace({ asset: archivedFace });
  const bobs = world.addAsset({ owner: bob, name: "bobs" });
  world.addFace({ asset: bobs });
  world.addAlbum({
    owner: alice,
    name: "Faceless",
    assets: [kept, unfit, annas, archivedFace, bobs],
  });
  return {
    ...usually(world, alice, ...permissions),
    wish: { archived: true, partners: false, types: ["IMAGE", "VIDEO"], counts: () => true },
    settings: { FACELESS_RULE: "no-faces", INCLUDE_ARCHIVED: "true" },
    cast: { missing, unfit, kept },
    expected: {
      added: [missing, archived].map(({ name }) => name),
      removed: [unfit, annas, archivedFace].map(({ name }) => name),
    },
  };
}

/** The key may ask for the differences only, which 3.2 can answer. */
export const DELTA: Scenario = {
  name: "delta",
  versions: ["3.2.0"],
  build(): Stage {
    const { world, alice, bob } = people();
    const anna = world.addPerson({ owner: alice, name: "Anna" });
    const unnamed = world.addPerson({ owner: alice, name: "" });
    const own = (name: string) => world.addAsset({ owner: alice, name });
    const kept = own("kept");
    const faceOfNobody = own("face-of-nobody-in-album");
    world.addFace({ asset: faceOfNobody });
    const missing = own("new-photo");
    world.addFace({ asset: own("anna-not-in-album"), person: anna });
    world.addFace({ asset: own("unnamed-not-in-album"), person: unnamed });
    const unfit = own("anna-in-album");
    world.addFace({ asset: unfit, person: anna });
    const somebody = own("unnamed-in-album");
    world.addFace({ asset: somebody, person: unnamed });
    const archived = world.addAsset({ owner: alice, name: "archived", visibility: "archive" });
    world.addAsset({ owner: alice, name: "archived-not-in-album", visibility: "archive" });
    const hidden = world.addAsset({ owner: alice, name: "hidden", visibility: "hidden" });
    const trashed = world.addAsset({ owner: alice, name: "trashed", trashed: true });
    const bobs = world.addAsset({ owner: bob, name: "bobs" });
    const bobsFace = world.addAsset({ owner: bob, name: "bobs-face" });
    world.addFace({ asset: bobsFace, person: world.addPerson({ owner: bob, name: "Ben" }) });
    world.addAlbum({
      owner: alice,
      name: "Faceless",
      assets: [kept, faceOfNobody, unfit, somebody, archived, hidden, trashed, bobs, bobsFace],
    });
    return {
      ...usually(world, alice, "person.read", "asset.statistics"),
      cast: { missing, unfit, kept },
      expected: {
        added: [missing].map(({ name }) => name),
        removed: [unfit, somebody, archived, hidden].map(({ name }) => name),
      },
    };
  },
};

/** The same, but in so many months that the album is read by search. */
const YEARS: Scenario = {
  ...MIRROR,
  name: "years",
  build(): Stage {
    const stage = MIRROR.build();
    spreadOver(100, stage.world);
    return stage;
  },
};

/** Lets the assets be of so many months, in turn. */
function spreadOver(months: number, world: Stage["world"]): void {
  for (const [index, asset] of [...world.assets.values()].entries()) {
    const taken = Date.UTC(2020, index % months, 15, 12, index);
    world.setTakenAt(asset, new Date(taken).toISOString());
  }
}

export const SCENARIOS: readonly Scenario[] = [
  MIRROR,
  YEARS,
  SHARED,
  FIRST,
  FACES,
  DELTA,
  DELTA_FACES,
  PAGES,
];
