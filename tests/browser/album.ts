import type { Page } from "playwright-core";
import { createWorld, MINIMAL_PERMISSIONS, type World } from "../emulator/mod.ts";
import * as draw from "./scenes.ts";

const THINGS: readonly (readonly [name: string, takenAt: string, scene: draw.Scene])[] = [
  ["IMG_4821.jpg", "2026-11-14T07:42:00Z", draw.mountains],
  ["receipt-hardware.jpg", "2026-11-13T16:05:00Z", draw.receipt],
  ["fuse-box.jpg", "2026-11-11T18:30:00Z", draw.fuseBox],
  ["router-label.jpg", "2026-11-11T18:34:00Z", draw.label],
  ["PXL_20261108.jpg", "2026-11-08T09:12:00Z", draw.coffee],
  ["meter-november.jpg", "2026-11-01T10:00:00Z", draw.meter],
  ["tyre-size.jpg", "2026-10-28T17:21:00Z", draw.tyre],
  ["whiteboard.jpg", "2026-10-22T15:48:00Z", draw.whiteboard],
  ["page-112.jpg", "2026-10-19T21:03:00Z", draw.book],
  ["drive-home.mp4", "2026-10-17T16:40:00Z", draw.road],
  ["new-plant.jpg", "2026-10-12T12:15:00Z", draw.plant],
];

const GRAN = {
  skin: "#f4d6c0",
  hair: "#d9d7d4",
  shirt: "#8d5a7a",
  back: ["#d7d9ec", "#a9aed2"],
} as const;

/**
 * A small library with drawn pictures: an album with things, things that are not in it yet, and in
 * it five pictures on which somebody has been recognised since. The names are made up.
 */
export async function createPhotoLibrary(
  page: Page,
  permissions: readonly string[] = [...MINIMAL_PERMISSIONS, "asset.view"],
): Promise<{ world: World; key: string }> {
  const world = createWorld();
  const owner = world.addUser({ name: "Alice" });
  const [anna, ben] = ["Anna", "Ben"].map((name) => world.addPerson({ owner, name }));
  const unnamed = world.addPerson({ owner, name: "" });
  const people = [
    ["birthday.jpg", "2026-11-09T15:10:00Z", draw.ANNA, [anna]],
    ["garden-gate.jpg", "2026-10-25T11:32:00Z", draw.BEN, [ben]],
    ["IMG_4630.jpg", "2026-10-04T13:54:00Z", GRAN, [unnamed]],
    ["at-the-sea.jpg", "2026-08-16T19:27:00Z", { ...draw.ANNA, back: ["#9cc3d5", "#e8eee0"] }, [
      anna,
      ben,
    ]],
  ] as const;
  const scenes = [
    ...THINGS.map(([, , scene]) => scene),
    ...people.map(([, , p]) => draw.portrait(p)),
  ];
  const pictures = await draw.drawScenes(page, [...scenes, draw.sea]);
  const pictureOf = (index: number) => ({
    bytes: pictures[index] ?? new Uint8Array(),
    contentType: "image/png",
  });
  for (const [index, [name, takenAt]] of THINGS.entries()) {
    const type = name.endsWith(".mp4") ? "VIDEO" : "IMAGE";
    world.addAsset({ owner, name, takenAt, type, picture: pictureOf(index) });
  }
  const recognised = people.map(([name, takenAt, , faces], index) => {
    const asset = world.addAsset({
      owner,
      name,
      takenAt,
      picture: pictureOf(THINGS.length + index),
    });
    for (const person of faces) if (person !== undefined) world.addFace({ asset, person });
    return asset;
  });
  const archived = world.addAsset({
    owner,
    name: "evening.jpg",
    takenAt: "2026-07-30T20:48:00Z",
    visibility: "archive",
    picture: pictureOf(pictures.length - 1),
  });
  const others = Array.from({ length: 96 }, () => world.addAsset({ owner }));
  world.addAlbum({ owner, name: "Faceless", assets: [...others, ...recognised, archived] });
  for (let i = 0; i < 140; i++) {
    const asset = world.addAsset({ owner });
    world.addFace({ asset, person: [anna, ben][i % 2] ?? null });
  }
  return { world, key: world.addKey({ user: owner, permissions: [...permissions] }) };
}
