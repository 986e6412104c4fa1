import type { Album } from "../immich/albums.ts";
import type { Server } from "../immich/server.ts";

/** Ids that fit well into one request; a library with more people is scanned. */
const MAX_PEOPLE = 10_000;

/** What is known before the people are asked for. */
export interface StrategyInput {
  readonly server: Server;
  /** Undefined while it is still to be created. */
  readonly album: Album | undefined;
  readonly scope: { readonly includeArchived: boolean };
  readonly includePartners: boolean;
}

/** Why the differences can't be asked for and all has to be read, whatever the API key may do. */
export function obstacleToDelta(input: StrategyInput): string | undefined {
  const { server, album, scope, includePartners } = input;
  if (!server.structuredSearch) return "only Immich from 3.2 on can be asked for the differences";
  if (album === undefined) return "there is no album yet to compare with";
  // Only a list tells whose the assets in a shared album are, for the summary and the guard.
  if ([...album.roles.keys()].some((user) => user !== album.ownerId)) {
    return "the album is shared, and only a list tells whose its assets are";
  }
  // Own archived assets belong then and partners' never do, and there is no asking by owner.
  if (includePartners && scope.includeArchived) {
    return "with INCLUDE_PARTNERS and INCLUDE_ARCHIVED only a list tells whose an asset is";
  }
  return undefined;
}

/** The same, once it is known how many people are listed. */
export function obstacleInPeople(count: number): string | undefined {
  if (count === 0) return "no people are listed, and only a list tells whether any face is known";
  if (count > MAX_PEOPLE) return `of more than ${MAX_PEOPLE} people the server can't be asked`;
  return undefined;
}

/** Scheduled runs are never quite that far apart: at 24h a daily run would scan every other day. */
const ALMOST = 0.99;

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
  return lastScanAt === undefined || lastScanAt > now || now - lastScanAt >= scanEveryMs * ALMOST;
}
