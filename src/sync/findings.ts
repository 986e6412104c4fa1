import type { Album } from "../immich/albums.ts";
import type { Ids } from "../immich/id_set.ts";
import type { Reader } from "../immich/read_all.ts";
import type { Scope } from "./rule.ts";

/** Whose assets are looked at, and by which rule. */
export interface TallyInput {
  readonly scope: Scope;
  readonly includePartners: boolean;
  /** Undefined when the user has no assets of their own that could tell. */
  readonly ownUserId: string | undefined;
  /** Assets uploaded later than this (milliseconds since 1970) are held back. */
  readonly uploadedBefore: number;
}

/**
 * Up to when an asset must have been uploaded to be added, in milliseconds since 1970. Immich says
 * when, so its clock counts: a machine without a battery may be years late, and would hold back
 * everything.
 *
 * @param minAssetAgeMs 0: no look at any clock
 * @param clockAheadMs how far the server's clock is ahead of ours
 */
export function uploadedBefore(minAssetAgeMs: number, clockAheadMs = 0): number {
  return minAssetAgeMs === 0 ? Infinity : Date.now() + clockAheadMs - minAssetAgeMs;
}

/** What has to be known to find out what to change. */
export interface SearchInput extends Reader, TallyInput {
  /** Undefined while the album is still to be created. */
  readonly album: Album | undefined;
}

/** What a listing found out; sets hold asset ids. */
export interface Findings {
  /**
   * Assets of the library looked at: own ones, with INCLUDE_PARTNERS also partners'. Null when the
   * server was asked for the differences only.
   */
  readonly read: number | null;
  /** Those of them that belong to the album, young ones included; null like `read`. */
  readonly matching: number | null;
  /** Those that belong, are not in the album and are old enough. */
  readonly missing: Ids;
  /** Some of `missing`, own ones of which nothing proves that the server shows people at all. */
  readonly unproven: readonly string[];
  /** Those that belong and are not in the album, but are younger than MIN_ASSET_AGE. */
  readonly heldBack: Ids;
  /** Whether any asset of the library shows any person. */
  readonly anyPeople: boolean;
  /** Those that were listed in the album; undefined when only the differences were asked for. */
  readonly members: Ids | undefined;
  /** Assets in the album, other owners' included. */
  readonly inAlbum: number;
  /** Assets in the album that are other owners', which are left alone. */
  readonly foreign: number;
  /** Assets in the album whose own answer shows that they don't belong. */
  readonly unfit: Ids;
  /** Own assets that belong and have a face of nobody; undefined when no answer tells. */
  readonly unassigned?: {
    readonly inAlbum: number;
    /** Some of `missing`; undefined where only those in the album were looked at. */
    readonly missing?: Ids;
  } | undefined;
}
