import type { CaptureWindow } from "../../emulator/capture_order.ts";
import { ApiError, notEmulated } from "../../emulator/errors.ts";
import type { Generation } from "../../emulator/generation.ts";
import {
  type Filter,
  refuseLocked,
  requireAlbums,
  type StructuredSearch,
  windowOf,
} from "../../emulator/search_filter.ts";
import type { FlatSearch } from "../../emulator/search_flat.ts";
import { requireAlbum } from "../../emulator/access.ts";
import type { AssetSet, LazyWorld } from "./lazy_world.ts";
import { at, BARE_FACE, FAVOURITE, SLOTS, TRASHED } from "./library.ts";

/** A question about one asset, by its index. */
export type Test = (index: number) => boolean;

/** What a search finds: the indexes from `start` up to `end` (without it) that pass. */
export interface Selection {
  readonly start: number;
  readonly end: number;
  readonly passes: Test;
}

/** What a flat search finds, null for nothing: as `findFlat`, on the columns. */
export function selectFlat(
  world: LazyWorld,
  generation: Generation,
  search: FlatSearch,
): Selection | null {
  if (search.visibility === "locked") throw new ApiError(401, "Elevated permission is required");
  const albums = albumsOfFlat(world, generation, search.albumIds);
  if (albums === null) return null;
  const { library } = world;
  const { times, visibility } = search;
  const tests: Test[] = albums.map((album) => (index) => album.hasIndex(index));
  const shown = visibility ?? (generation === "2.x" ? "timeline" : undefined);
  if (shown !== undefined) tests.push((index) => library.visibilityAt(index) === shown);
  if (times.trashed !== null) tests.push(isWithin(world, "trashedAt", times.trashed));
  else if (!search.withDeleted) tests.push((index) => !library.has(index, TRASHED));
  for (const window of [times.created, times.updated]) {
    if (window.from === -Infinity && window.to === Infinity) continue;
    tests.push(isWithin(world, "createdAt", window));
  }
  if (search.type !== undefined) tests.push((index) => library.typeAt(index) === search.type);
  if (search.id !== undefined) tests.push((index) => library.idAt(index) === search.id);
  if (search.isFavorite !== undefined) {
    tests.push((index) => library.has(index, FAVOURITE) === search.isFavorite);
  }
  if (search.isMotion === true) tests.push(() => false);
  if (search.isNotInAlbum === true) tests.push((index) => !isInAnyAlbum(world, index));
  for (const id of search.personIds) tests.push(showsAny(world, [id]));
  return { ...rangeOf(world, times.taken), passes: all(tests) };
}

/** 2.x finds nothing in an album without access (null here), 3.x answers 400. */
function albumsOfFlat(world: LazyWorld, generation: Generation, ids: string[]): AssetSet[] | null {
  if (generation !== "2.x") {
    for (const id of ids) requireAlbum(world, world.owner, id, "album.read");
  }
  const sets = setsOf(world, ids);
  return sets.length === ids.length ? sets : null;
}

/** What a structured search finds: as `findStructured`, on the columns. */
export function selectStructured(world: LazyWorld, { filter }: StructuredSearch): Selection {
  refuseLocked(filter);
  requireAlbums({ world, user: world.owner, generation: "3.2" }, filter);
  return { ...rangeOf(world, windowOf(filter)), passes: testOf(world, filter) };
}

function rangeOf({ library }: LazyWorld, { from, to }: CaptureWindow) {
  const end = to === Infinity ? library.size : library.firstFrom(to + 1);
  return { start: library.firstFrom(from), end };
}

function testOf(world: LazyWorld, filter: Filter): Test {
  const tests = [...filter.operators].flatMap(([field, operators]) =>
    Object.entries(operators).map(([operator, operand]) =>
      conditionOf(world, field, operator, operand)
    )
  );
  if (filter.branches.length > 0) {
    const branches = filter.branches.map((branch) => testOf(world, branch));
    tests.push((index) => branches.some((passes) => passes(index)));
  }
  return all(tests);
}

function conditionOf(world: LazyWorld, field: string, operator: string, operand: unknown): Test {
  const { library } = world;
  switch (field) {
    case "albumIds":
      return albumsTest(world, operator, textsIn(operand));
    case "personIds":
      return peopleTest(world, operator, textsIn(operand));
    case "hasPeople":
      return (index) =>
        (library.people[index * SLOTS] !== 0 || library.has(index, BARE_FACE)) === operand;
    case "hasAlbums":
      return (index) => isInAnyAlbum(world, index) === operand;
    case "isFavorite":
      return (index) => library.has(index, FAVOURITE) === operand;
    case "isMotion":
      return () => operand === false;
    case "id":
      return valueTest((index) => library.idAt(index), operator, operand);
    case "type":
      return valueTest((index) => library.typeAt(index), operator, operand);
    case "visibility":
      return valueTest((index) => library.visibilityAt(index), operator, operand);
    case "takenAt":
      return valueTest((index) => at(library.takenAt, index), operator, operand);
    case "createdAt":
    case "updatedAt":
      return valueTest((index) => at(library.createdAt, index), operator, operand);
    case "trashedAt":
      return valueTest((index) => library.trashedAt(index), operator, operand);
    default:
      throw notEmulated(`the filter field ${field} in a big library`);
  }
}

function valueTest(
  valueAt: (index: number) => string | number | null,
  operator: string,
  operand: unknown,
): Test {
  const among = new Set<unknown>(Array.isArray(operand) ? operand : []);
  const compare = (holds: (value: number, bound: number) => boolean): Test => (index) => {
    const value = valueAt(index);
    return typeof value === "number" && typeof operand === "number" && holds(value, operand);
  };
  switch (operator) {
    case "eq":
      return (index) => valueAt(index) === operand;
    case "ne":
      return (index) => valueAt(index) !== operand;
    case "in":
      return (index) => among.has(valueAt(index));
    case "notIn":
      return (index) => !among.has(valueAt(index));
    case "gt":
      return compare((value, bound) => value > bound);
    case "gte":
      return compare((value, bound) => value >= bound);
    case "lt":
      return compare((value, bound) => value < bound);
    case "lte":
      return compare((value, bound) => value <= bound);
    default:
      throw notEmulated(`the filter operator ${operator} in a big library`);
  }
}

function albumsTest(world: LazyWorld, operator: string, ids: string[]): Test {
  const sets = setsOf(world, ids);
  if (operator === "all") return (index) => sets.every((album) => album.hasIndex(index));
  const inAny: Test = (index) => sets.some((album) => album.hasIndex(index));
  return operator === "any" ? inAny : (index) => !inAny(index);
}

function peopleTest(world: LazyWorld, operator: string, ids: string[]): Test {
  if (operator === "all") return all(ids.map((id) => showsAny(world, [id])));
  const anyOf = showsAny(world, ids);
  return operator === "any" ? anyOf : (index) => !anyOf(index);
}

/** Whether any of these people is on the asset. */
export function showsAny(world: LazyWorld, ids: string[]): Test {
  const { people } = world.library;
  const wanted = new Uint8Array(256);
  for (const id of ids) wanted[world.numberOf(id)] = 1;
  wanted[0] = 0; // nobody, and ids of nobody
  return (index) => {
    for (let slot = index * SLOTS; slot < (index + 1) * SLOTS; slot++) {
      if (wanted[at(people, slot)] === 1) return true;
    }
    return false;
  };
}

function isInAnyAlbum(world: LazyWorld, index: number): boolean {
  return world.albums.values().some(({ assets }) => assets.hasIndex(index));
}

function isWithin(
  { library }: LazyWorld,
  field: "createdAt" | "trashedAt",
  { from, to }: CaptureWindow,
): Test {
  return (index) => {
    const time = field === "trashedAt" ? library.trashedAt(index) : at(library.createdAt, index);
    return time !== null && time >= from && time <= to;
  };
}

function setsOf(world: LazyWorld, ids: string[]): AssetSet[] {
  return ids.flatMap((id) => world.albums.get(id)?.assets ?? []);
}

function textsIn(operand: unknown): string[] {
  return Array.isArray(operand) ? operand.filter((item) => typeof item === "string") : [];
}

/** Passes what passes all of them. */
export function all(tests: readonly Test[]): Test {
  return (index) => {
    for (const passes of tests) if (!passes(index)) return false;
    return true;
  };
}
