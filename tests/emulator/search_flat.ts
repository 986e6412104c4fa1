import { ownersInSearch, requireAlbum } from "./access.ts";
import {
  byCapture,
  type CaptureSource,
  type CaptureWindow,
  shuffleTies,
  walkMerged,
} from "./capture_order.ts";
import { ApiError, notEmulated } from "./errors.ts";
import { boolean, integer, oneOf, string, time, uuid, uuids } from "./fields.ts";
import type { Generation } from "./generation.ts";
import type { Album, Asset, AssetType, User, Visibility } from "./model.ts";
import { shows } from "./people.ts";
import { bodyFields, FieldReading } from "./reading.ts";
import type { Micros } from "./time.ts";
import type { World } from "./world.ts";

/** The flat parameters, as read; undefined where the request is silent. */
export interface FlatSearch {
  visibility: Visibility | undefined;
  type: AssetType | undefined;
  personIds: string[];
  albumIds: string[];
  id: string | undefined;
  isFavorite: boolean | undefined;
  isMotion: boolean | undefined;
  isNotInAlbum: boolean | undefined;
  withDeleted: boolean;
  withStacked: boolean | undefined;
  withPeople: boolean;
  withExif: boolean;
  /** A part of it, in any case. */
  originalFileName: string | undefined;
  times: TimeBounds;
  page: number;
  size: number;
  order: "asc" | "desc";
}

interface TimeBounds {
  taken: CaptureWindow;
  created: CaptureWindow;
  updated: CaptureWindow;
  trashed: CaptureWindow | null;
}

/** Parameters the server filters by and the emulator does not; all others it ignores, as the server. */
const NOT_EMULATED = [
  ..."checksum city country description encodedVideoPath isEncoded isOffline lensModel".split(" "),
  ..."libraryId make model ocr originalPath previewPath rating state".split(" "),
  ..."tagIds thumbnailPath".split(" "),
];

/**
 * Reads the flat form of a search. On 2.x and 3.0–3.1 a `filter` is among what is ignored.
 * @throws ApiError 400 with what is wrong with it
 */
export function readFlatSearch(body: unknown, generation: Generation): FlatSearch {
  const fields = bodyFields(body, generation);
  const unknown = NOT_EMULATED.find((name) => fields[name] !== undefined);
  if (unknown !== undefined) throw notEmulated(`the search parameter ${unknown}`);
  const reading = new FieldReading(fields);
  const coerce = generation === "2.x";
  const search: FlatSearch = {
    visibility: reading.optional(
      "visibility",
      oneOf<Visibility>("archive", "timeline", "hidden", "locked"),
    ),
    type: reading.optional("type", oneOf<AssetType>("IMAGE", "VIDEO")),
    personIds: reading.optional("personIds", uuids) ?? [],
    albumIds: reading.optional("albumIds", uuids) ?? [],
    id: reading.optional("id", uuid),
    isFavorite: reading.optional("isFavorite", boolean),
    isMotion: reading.optional("isMotion", boolean),
    isNotInAlbum: reading.optional("isNotInAlbum", boolean),
    withDeleted: reading.optional("withDeleted", boolean) ?? false,
    withStacked: reading.optional("withStacked", boolean),
    withPeople: reading.optional("withPeople", boolean) ?? false,
    withExif: reading.optional("withExif", boolean) ?? false,
    originalFileName: reading.optional("originalFileName", string),
    times: readTimes(reading),
    size: reading.optional("size", integer(1, 1000, coerce)) ?? 250,
    page: reading.optional("page", integer(1, null, coerce)) ?? 1,
    order: reading.optional("order", oneOf<"asc" | "desc">("asc", "desc")) ?? "desc",
  };
  reading.done();
  return search;
}

function readTimes(reading: FieldReading): TimeBounds {
  // All bounds are inclusive, and compared with the microseconds of the row.
  const bounds = (name: string) => {
    const after: Micros | undefined = reading.optional(`${name}After`, time);
    const before: Micros | undefined = reading.optional(`${name}Before`, time);
    return { from: after ?? -Infinity, to: before ?? Infinity };
  };
  const trashed = bounds("trashed");
  return {
    created: bounds("created"),
    updated: bounds("updated"),
    trashed: trashed.from === -Infinity && trashed.to === Infinity ? null : trashed,
    taken: bounds("taken"),
  };
}

/** The user's view of the world that a search runs on. */
export interface Viewer {
  world: World;
  user: User;
  generation: Generation;
}

/**
 * The assets a flat search finds, in the order of the answer, one after the other, so that a page
 * costs only what stands before it.
 */
export function findFlat(viewer: Viewer, search: FlatSearch): Found {
  if (search.visibility === "locked") throw new ApiError(401, "Elevated permission is required");
  const { world, generation } = viewer;
  const albums = readAlbums(viewer, search.albumIds);
  if (albums === null) return new Found([], () => false);
  const owners = new Set(ownersInSearch(world, viewer.user));
  const sources = albums[0] === undefined
    ? [...owners].map(({ library }) => library)
    : [albums[0].assets];
  const albumsCoverAll = albums.length > 0 && generation !== "2.x";
  return new Found(
    walkInOrder(viewer, sources, search.times.taken, search.order),
    (asset) =>
      (albumsCoverAll || owners.has(asset.owner)) &&
      albums.every((album) => album.assets.has(asset)) &&
      matchesVisibility(asset, search, generation) && matches(world, asset, search),
  );
}

/** 2.x answers nothing for an album without access (null here), 3.x 400. */
function readAlbums(viewer: Viewer, ids: string[]): Album[] | null {
  const { world, user, generation } = viewer;
  if (generation !== "2.x") return ids.map((id) => requireAlbum(world, user, id, "album.read"));
  const albums = ids.flatMap((id) => world.albums.get(id) ?? []);
  return albums.length === ids.length ? albums : null;
}

/** Walks in the order of the generation: 3.x breaks ties by id, 2.x promises nothing. */
export function walkInOrder(
  viewer: Viewer,
  sources: readonly CaptureSource[],
  window: CaptureWindow,
  order: "asc" | "desc",
): Iterable<Asset> {
  const walk = walkMerged(sources, window, order);
  return viewer.generation === "2.x" ? shuffleTies(walk, viewer.world.random) : walk;
}

function matchesVisibility(asset: Asset, search: FlatSearch, generation: Generation): boolean {
  if (search.visibility !== undefined) return asset.visibility === search.visibility;
  return generation === "2.x" ? asset.visibility === "timeline" : asset.visibility !== "locked";
}

function matches(world: World, asset: Asset, search: FlatSearch): boolean {
  const { times } = search;
  if (asset.trashedAt !== null && !search.withDeleted && times.trashed === null) return false;
  if (times.trashed !== null && !isWithin(asset.trashedAt, times.trashed)) return false;
  if (search.withStacked === false && asset.stack !== null) return false;
  // The flat form joins the metadata, the structured one does not insist.
  if (search.withExif && asset.lacksExif === true) return false;
  if (!hasInName(asset, search.originalFileName)) return false;
  return isWithin(asset.createdAt, times.created) && isWithin(asset.updatedAt, times.updated) &&
    isOrOpen(search.type, asset.type) && isOrOpen(search.id, asset.id) &&
    isOrOpen(search.isFavorite, asset.favourite) &&
    isOrOpen(search.isMotion, asset.livePhotoVideo !== null) &&
    (search.isNotInAlbum !== true || !isInAlbum(world, asset)) &&
    search.personIds.every((id) => shows(asset, id));
}

/** As ILIKE of SQL compares: any case, and an underscore stands for any character. */
export function hasInName({ name }: Asset, part: string | undefined): boolean {
  if (part === undefined) return true;
  return new RegExp(RegExp.escape(part).replaceAll("_", "."), "i").test(name);
}

function isOrOpen<T>(wanted: T | undefined, found: T): boolean {
  return wanted === undefined || wanted === found;
}

export function isInAlbum(world: World, asset: Asset): boolean {
  return world.albums.values().some((album) => album.assets.has(asset));
}

function isWithin(time: Micros | null, window: CaptureWindow): boolean {
  return time !== null && time >= window.from && time <= window.to;
}

/** What a search finds, and how many assets it has looked at up to now. */
export class Found implements Iterable<Asset> {
  readonly #assets: Iterable<Asset>;
  readonly #keep: (asset: Asset) => boolean;
  looked = 0;

  constructor(assets: Iterable<Asset>, keep: (asset: Asset) => boolean) {
    this.#assets = assets;
    this.#keep = keep;
  }

  *[Symbol.iterator](): Iterator<Asset> {
    for (const asset of this.#assets) {
      this.looked++;
      if (this.#keep(asset)) yield asset;
    }
  }
}

/** One page, and whether there is more behind it. */
export function pageOf(
  assets: Iterable<Asset>,
  offset: number,
  size: number,
): { items: Asset[]; hasMore: boolean } {
  const items: Asset[] = [];
  let skipped = 0;
  for (const asset of assets) {
    if (skipped < offset) skipped++;
    else if (items.length === size) return { items, hasMore: true };
    else items.push(asset);
  }
  return { items, hasMore: false };
}

export function countOf(assets: Iterable<Asset>): number {
  let count = 0;
  for (const _ of assets) count++;
  return count;
}

/** Any assets of the result, in any order, as `/search/random` picks them. */
export function randomOf(assets: Iterable<Asset>, size: number, random: () => number): Asset[] {
  return [...assets].sort(byCapture).map((asset) => ({ asset, place: random() }))
    .sort((a, b) => a.place - b.place).slice(0, size).map(({ asset }) => asset);
}
