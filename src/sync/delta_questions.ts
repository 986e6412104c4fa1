import type { Album } from "../immich/albums.ts";
import { MAX_PEOPLE_ASKED, type People } from "../immich/people.ts";
import { noneOf, type SearchFilter, type StructuredQuery } from "../immich/search_page.ts";
import type { Server } from "../immich/server.ts";
import type { TallyInput } from "./findings.ts";
import { anyFaceCounts, personCounts, type Rule, type Scope, unlistedCount } from "./rule.ts";
import { hasPassed } from "../system/interval.ts";

/** With these, Immich from 3.2 on is asked for the differences only. */
export const DELTA_PERMISSIONS: readonly string[] = ["person.read", "asset.statistics"];

/** What is known before the people are asked for. */
export interface StrategyInput {
  readonly server: Server;
  /** Undefined while it is still to be created. */
  readonly album: Album | undefined;
  readonly scope: {
    readonly includeArchived: boolean;
    readonly rule: { readonly kind: Rule["kind"] };
  };
  readonly includePartners: boolean;
}

/** Why the differences can't be asked for and all has to be read, whatever the API key may do. */
export function obstacleToDelta(input: StrategyInput): string | undefined {
  const { server, album, scope, includePartners } = input;
  if (!server.structuredSearch) return "only Immich 3.2 and later can be asked for the differences";
  if (album === undefined) return "there is no album yet to compare with";
  // Only a list tells whose the assets in a shared album are, for the summary and the guard.
  if ([...album.roles.keys()].some((user) => user !== album.ownerId)) {
    return "the album is shared, and only a full list tells whose its assets are";
  }
  // Own archived assets belong then and partners' never do, and there is no asking by owner.
  if (includePartners && scope.includeArchived) {
    return "with INCLUDE_PARTNERS and INCLUDE_ARCHIVED only a full list tells whose an asset is";
  }
  // Of partners' assets only their faces tell, and of own ones only people: all of the partners'
  // portraits would seem to be missing.
  if (includePartners && !anyFaceCounts(scope.rule, true) && anyFaceCounts(scope.rule, false)) {
    return "with INCLUDE_PARTNERS only a full list tells whose an asset is, and partners' people are not shown";
  }
  return undefined;
}

/** The same, once it is known how many people are listed. */
export function obstacleInPeople(count: number): string | undefined {
  if (count === 0) {
    return "no people are listed, and only a full list tells whether any face is known";
  }
  if (count > MAX_PEOPLE_ASKED) {
    return `the server cannot be asked about more than ${MAX_PEOPLE_ASKED} people`;
  }
  return undefined;
}

/**
 * Whether everything is to be read again, whatever the differences are: what they can't tell is
 * right after that.
 *
 * @param scanEveryMs how often at least; 0: never
 */
export function isScanDue(
  scanEveryMs: number,
  lastScanAt: number | undefined,
  now: number,
): boolean {
  if (scanEveryMs === 0) return false;
  // A time to come is of a clock that was wrong, then or now.
  return lastScanAt === undefined || lastScanAt > now || hasPassed(scanEveryMs, lastScanAt, now);
}

/** What a server of 3.2 or later is asked; the questions find more than the differences, never less. */
export interface Differences {
  /** Not in the album, and nobody who counts and is listed among the people is on it. */
  readonly missing: StructuredQuery;
  /** In the album, and something about it may be against that. */
  readonly doubtful: StructuredQuery;
  /**
   * Those of `doubtful` that certainly don't belong, unless they are somebody else's: by what is
   * against them, since counting each takes the server less than counting all with one `or`.
   */
  readonly unfit: readonly SearchFilter[];
  /** The others of `doubtful`, if there can be any: only their answers tell. */
  readonly uncertain: StructuredQuery | undefined;
}

/**
 * What is asked of a server while nobody knows yet whom it lists: what is in the album and shows a
 * face, or is out of scope. Undefined where a face is nothing to wonder at.
 */
export function anythingOdd({ scope }: TallyInput, albumId: string): StructuredQuery | undefined {
  if (!unlistedCount(scope.rule)) return undefined;
  const filter = { albumIds: { any: [albumId] }, or: [ANY_FACE, ...outOfScope(scope)] };
  return { filter, violation: () => undefined };
}

/** The types of assets that Immich takes in; it also has names for others. */
const STORED_TYPES = ["IMAGE", "VIDEO"] as const;

/**
 * When there are people whom the server does not list, "none of the people" also finds assets that
 * show only these, and "any of the people" misses them: what is in doubt is then everything in the
 * album with a face.
 */
export function differences(
  { scope }: TallyInput,
  albumId: string,
  people: People,
): Differences {
  const shown = scope.includeArchived ? ["timeline", "archive"] as const : ["timeline"] as const;
  const { ids, nobody, somebody, perhaps } = conditions(scope, people);
  const counting = new Set(ids);
  const inAlbum = { albumIds: { any: [albumId] } };
  const strays = outOfScope(scope);
  return {
    missing: {
      filter: {
        ...nobody,
        visibility: { in: shown },
        type: { in: [...scope.assetTypes] },
        albumIds: { none: [albumId] },
      },
      violation: (asset) =>
        asset.people.some(({ id }) => counting.has(id)) || !scope.assetTypes.has(asset.type) ||
          !shown.some((visibility) => visibility === asset.visibility)
          ? "was not asked for"
          : undefined,
    },
    doubtful: {
      filter: {
        ...inAlbum,
        or: [...perhaps === undefined ? somebody : [ANY_FACE], ...strays],
      },
      violation: () => undefined,
    },
    unfit: [...somebody, ...strays].map((filter) => ({ ...inAlbum, ...filter })),
    uncertain: perhaps && { filter: { ...inAlbum, ...perhaps }, violation: () => undefined },
  };
}

const ANY_FACE: SearchFilter = { hasPeople: { eq: true } };

/** What can't belong to the album, whoever is on it. */
function outOfScope({ includeArchived, assetTypes }: Scope): SearchFilter[] {
  const notShown = includeArchived ? ["hidden"] as const : ["archive", "hidden"] as const;
  const otherTypes = STORED_TYPES.filter((type) => !assetTypes.has(type));
  return [
    { visibility: { in: notShown } },
    ...otherTypes.length === 0 ? [] : [{ type: { in: otherTypes } }],
  ];
}

interface Conditions {
  /** Who counts. */
  readonly ids: readonly string[];
  /** That nobody of them is there. */
  readonly nobody: SearchFilter;
  /** That somebody of them is, or whatever else shows for certain that an asset does not belong. */
  readonly somebody: readonly SearchFilter[];
  /** That somebody who counts may be there without being listed. */
  readonly perhaps: SearchFilter | undefined;
}

function conditions(
  { rule, includeArchived }: Scope,
  { listed, areAll }: People,
): Conditions {
  const ids = listed.filter((person) => personCounts(person, rule)).map(({ id }) => id);
  if (anyFaceCounts(rule, true)) {
    const nobody = { hasPeople: { eq: false } };
    return { ids, nobody, somebody: [ANY_FACE], perhaps: undefined };
  }
  const nobody = noneOf(ids);
  const somebody = ids.length === 0 ? [] : [{ personIds: { any: ids } }];
  // Those who are only on archived assets may not be counted among all.
  const mayMissSome = unlistedCount(rule) && (!areAll || includeArchived);
  const perhaps = mayMissSome ? { ...nobody, ...ANY_FACE } : undefined;
  return { ids, nobody, somebody, perhaps };
}
