import type { Page } from "playwright-core";
import { createWorld, type Person, type Picture, type World } from "../emulator/mod.ts";
import type { NewAsset } from "../emulator/world.ts";
import { ALL_PERMISSIONS } from "../support/missed_library.ts";
import * as draw from "./scenes.ts";

/** Where the face of a portrait is, in the 320 by 240 pixels of a scene. */
const FACE = { x1: 108, y1: 52, x2: 212, y2: 172, width: 320, height: 240 };

/** The same with the face at the side: only the back of the head is seen. */
function turned(person: Parameters<typeof draw.portrait>[0]): draw.Scene {
  const [sky = "", ...rest] = draw.portrait({ ...person, skin: person.hair });
  return [sky, ...rest.slice(0, 5)];
}

/** Half out of the picture, and out of focus. */
function blurred(person: Parameters<typeof draw.portrait>[0]): draw.Scene {
  const blur = '<defs><filter id="b"><feGaussianBlur stdDeviation="7"/></filter></defs>';
  return [
    blur,
    '<g filter="url(#b)" transform="translate(60 14)">',
    ...draw.portrait(person),
    "</g>",
  ];
}

const poster: draw.Scene = [
  '<rect width="320" height="240" fill="#8f8a80"/>',
  '<rect x="86" y="18" width="148" height="204" fill="#f4efe4"/>',
  '<g transform="translate(98 28) scale(.39)">',
  ...draw.portrait({ ...draw.BEN, back: ["#d96c4f", "#f0b24a"] }),
  "</g>",
  '<text x="103" y="170" font-size="28" font-weight="700" font-family="monospace" fill="#b23a2e">TONIGHT</text>',
  '<rect x="104" y="184" width="112" height="6" fill="#777"/>',
  '<rect x="104" y="198" width="80" height="6" fill="#999"/>',
];

/** A small library with drawn pictures, in which some people were missed. The names are made up. */
export async function createMissedAlbum(
  page: Page,
  permissions: readonly string[] = ALL_PERMISSIONS,
): Promise<{ world: World; key: string }> {
  const scenes = {
    anna: draw.portrait(draw.ANNA),
    annaAgain: draw.portrait({ ...draw.ANNA, back: ["#e8b98a", "#d99a6c"] }),
    annaTurned: turned({ ...draw.ANNA, back: ["#e8b98a", "#d99a6c"] }),
    annaBlurred: blurred(draw.ANNA),
    ben: draw.portrait(draw.BEN),
    benTurned: turned(draw.BEN),
    stranger: draw.portrait({ ...draw.BEN, skin: "#e3b48f", hair: "#6b5a4a", shirt: "#7b8f5a" }),
    poster,
    mountains: draw.mountains,
    sea: draw.sea,
    coffee: draw.coffee,
    receipt: draw.receipt,
    road: draw.road,
    plant: draw.plant,
  };
  const drawn = await draw.drawScenes(page, Object.values(scenes));
  const pictures = new Map(Object.keys(scenes).map((name, index) => [name, drawn[index]]));
  // From a telephone that was held upright, and the middle of it, as somebody has cut it.
  const held = draw.portrait({ ...draw.ANNA, hair: "#c9b458", long: false });
  const [upright, cut] = [
    ...await draw.drawScenes(page, [held], { width: 180, height: 240, left: 70 }),
    ...await draw.drawScenes(page, [held], { width: 120, height: 240, left: 100 }),
  ];
  const world = createWorld();
  world.machineLearning = "on";
  const owner = world.addUser({ name: "Alice" });
  const [anna, ben] = ["Anna", "Ben"].map((name) => world.addPerson({ owner, name }));
  if (anna === undefined || ben === undefined) throw new Error("no people");
  const take = (
    name: string,
    takenAt: string,
    scene: keyof typeof scenes,
    people: readonly Person[] = [],
    more: Partial<NewAsset> = {},
  ) => {
    const picture = pictureOf(pictures.get(scene));
    const asset = world.addAsset({ owner, name, takenAt, picture, ...more });
    for (const person of people) world.addFace({ asset, person });
    asset.likeness = people.length > 0 ? 0.3 : 0.1;
    return asset;
  };
  const stranger = take("DSC_0117.jpg", "2026-09-12T14:03:11Z", "stranger");
  world.addFace({ asset: stranger, box: FACE });
  const upside = take("PXL_20260913.jpg", "2026-09-13T10:20:05Z", "anna");
  upside.picture = pictureOf(upright);
  world.addFace({ asset: upside, box: { ...FACE, x1: 38, x2: 142, width: 180 } });
  const edited = take("PXL_20260914-cut.jpg", "2026-09-14T09:15:00Z", "anna");
  edited.picture = pictureOf(upright);
  edited.editedPicture = pictureOf(cut);
  world.addFace({ asset: edited, box: { ...FACE, x1: 8, x2: 112, width: 120 } });
  const wall = take("poster-wall.jpg", "2026-08-30T19:40:51Z", "poster");
  world.addFace({
    asset: wall,
    box: { x1: 139, y1: 48, x2: 181, y2: 96, width: 320, height: 240 },
  });
  take("IMG_2040.jpg", "2026-08-16T17:26:58Z", "anna", [anna]);
  take("IMG_2041.jpg", "2026-08-16T17:27:00Z", "annaAgain", [anna]);
  take("IMG_2042.jpg", "2026-08-16T17:27:02Z", "annaTurned");
  take("IMG_2043.jpg", "2026-08-16T17:27:03Z", "anna", [anna]);
  take("IMG_2051.jpg", "2026-08-16T17:41:10Z", "ben", [ben]);
  take("IMG_2052.jpg", "2026-08-16T17:41:14Z", "benTurned");
  take("IMG_2060.jpg", "2026-08-16T18:02:30Z", "ben", [ben, anna]);
  take("IMG_2061.jpg", "2026-08-16T18:02:39Z", "sea");
  const copy = take("IMG_1987-edited.jpg", "2026-07-30T11:12:13Z", "annaBlurred");
  const original = take("IMG_1987.jpg", "2026-07-30T11:12:13Z", "anna", [anna]);
  copy.duplicateId = original.duplicateId = world.ids.next();
  const cover = take("IMG_1500.jpg", "2026-07-11T09:00:20Z", "ben", [ben]);
  world.addStack({
    primary: cover,
    others: [take("IMG_1501.jpg", "2026-07-11T09:02:00Z", "benTurned")],
  });
  const like = take("video-call.mp4", "2026-06-02T20:15:00Z", "stranger", [], { type: "VIDEO" });
  like.likeness = 0.3;
  for (
    const [index, scene] of (["mountains", "coffee", "receipt", "road", "plant"] as const).entries()
  ) {
    take(`thing-${index}.jpg`, `2026-05-0${index + 1}T12:00:00Z`, scene);
  }
  for (let day = 10; day < 30; day++) {
    take(`f${day}.jpg`, `2026-04-${day}T12:00:00Z`, "anna", [anna]);
  }
  const faceless = [...world.assets.values()].filter(({ faces }) =>
    faces.every(({ person }) => person === null)
  );
  world.addAlbum({ owner, name: "Faceless", assets: faceless });
  const key = world.addKey({ user: owner, permissions: [...permissions] });
  return { world, key };
}

function pictureOf(bytes: Uint8Array = new Uint8Array()): Picture {
  return { bytes, contentType: "image/png" };
}
