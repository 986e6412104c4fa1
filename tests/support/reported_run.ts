import {
  type Album,
  type Asset,
  createWorld,
  type Emulator,
  type EmulatorOptions,
  MINIMAL_PERMISSIONS,
  type Person,
  startEmulator,
  type User,
  type World,
} from "../emulator/mod.ts";
import type { Home } from "./home.ts";
import { type Outcome, runProgram } from "./program.ts";

/** With these a report has pictures. */
export const PERMISSIONS = [...MINIMAL_PERMISSIONS, "asset.view"];
export const THUMBNAILS = /^\/api\/assets\/[^/]+\/thumbnail$/;

export interface Library {
  readonly world: World;
  readonly owner: User;
  readonly anna: Person;
  readonly things: readonly Asset[];
  readonly missing: readonly Asset[];
  readonly portraits: readonly Asset[];
  readonly album: Album;
  readonly key: string;
}

/** An album with ten things and two pictures that show somebody; two things are not in it yet. */
export function createLibrary(permissions = PERMISSIONS): Library {
  const world = createWorld();
  const owner = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner, name: "Anna" });
  const unnamed = world.addPerson({ owner, name: "" });
  const things = Array.from({ length: 10 }, () => world.addAsset({ owner }));
  const takenAt = "2024-12-04T23:59:00Z";
  const missing = ["receipt.jpg", "boiler.mp4"].map((name) =>
    world.addAsset({ owner, name, takenAt, type: name.endsWith("4") ? "VIDEO" : "IMAGE" })
  );
  const portraits = ["anna.jpg", "both.jpg"].map((name) => world.addAsset({ owner, name }));
  for (const asset of portraits) world.addFace({ asset, person: anna });
  for (const asset of portraits.slice(1)) world.addFace({ asset, person: unnamed });
  const album = world.addAlbum({ owner, name: "Faceless", assets: [...things, ...portraits] });
  const key = world.addKey({ user: owner, permissions });
  return { world, owner, anna, things, missing, portraits, album, key };
}

export async function start(
  { world }: Pick<Library, "world">,
  options: Partial<EmulatorOptions> = {},
): Promise<Emulator> {
  return await startEmulator({ version: "3.1.0", world, ...options });
}

/** Runs with `--report`, and reads what it has written. */
export async function report(
  home: Home,
  ...args: string[]
): Promise<Outcome & { html: string }> {
  const outcome = await runProgram({
    cwd: home.folder,
    args: [...args, "--report", "report.html"],
  });
  return { ...outcome, html: Deno.readTextFileSync(`${home.folder}/report.html`) };
}

/** The text of one section of the page, without tags. */
export function section(html: string, id: string): string {
  const [inner = ""] = html.match(new RegExp(`<section id="${id}"[^]*?</section>`)) ?? [];
  return inner.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

/** How often it stands there. */
export function count(html: string, part: string): number {
  return html.split(part).length - 1;
}
