import type { Ids } from "../immich/id_set.ts";
import type { Album } from "../immich/albums.ts";
import type { Refusal } from "./guard.ts";
import { NO_IDS, type Plan } from "./plan.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";

export type Status = "ok" | "partial" | "refused" | "busy" | "failed";

/** What one run of `sync` did: the JSON document of `--json`. Names are a contract. */
export interface Summary {
  readonly status: Status;
  readonly exitCode: ExitCode;
  readonly dryRun: boolean;
  /** Null when the configuration does not tell, or the server was not reached. */
  readonly server: { readonly url: string | null; readonly version: string | null };
  readonly strategy: "scan" | "delta";
  readonly album: {
    /** Null when there is no such album yet, or it was not looked up. */
    readonly id: string | null;
    /** Null when only ALBUM_ID is known. */
    readonly name: string | null;
    readonly created: boolean;
  };
  readonly assets: AssetCounts;
  /**
   * How many in the album have a face that belongs to nobody, as the run leaves it (a dry run: as it
   * is); null when the server does not tell.
   */
  readonly unassignedFaces: number | null;
  /** In a dry run: how many would be. */
  readonly added: number;
  readonly removed: number;
  readonly failed: readonly FailedAsset[];
  readonly guard: Refusal | null;
  readonly error: { readonly name: string; readonly message: string; readonly hint: string } | null;
  readonly requests: number;
  /** Bytes of answer bodies after decompression. */
  readonly bytesReceived: number;
  readonly durationMs: number;
}

/** One asset that could not be added or removed, with Immich's word for why. */
export interface FailedAsset {
  readonly id: string;
  readonly action: "add" | "remove";
  readonly error: string;
}

/** Counts of the listing; `read` and `matching` are null and the rest 0 when it did not happen. */
export interface AssetCounts {
  readonly read: number | null;
  readonly matching: number | null;
  /** Assets in the album before any change, other owners' included. */
  readonly inAlbum: number;
  readonly foreign: number;
  readonly heldBack: number;
}

export const NO_COUNTS: AssetCounts = {
  read: null,
  matching: null,
  inAlbum: 0,
  foreign: 0,
  heldBack: 0,
};

/** The summary of a run that ended before it began: wrong usage or configuration. */
export function summaryOfWrongUsage(
  error: { readonly name: string; readonly message: string; readonly hint: string },
  dryRun: boolean,
): Summary {
  return {
    status: "failed",
    exitCode: EXIT.usage,
    dryRun,
    server: { url: null, version: null },
    strategy: "scan",
    album: { id: null, name: null, created: false },
    assets: NO_COUNTS,
    unassignedFaces: null,
    added: 0,
    removed: 0,
    failed: [],
    guard: null,
    error,
    requests: 0,
    bytesReceived: 0,
    durationMs: 0,
  };
}

/** What has been done so far; filled while it is done, so that it is right after a failure too. */
export interface Done {
  album: { readonly id: string; readonly created: boolean } | undefined;
  /** Assets of the plan that are in the album now. */
  added: number;
  /** Assets of the plan that are not in the album any more. */
  removed: number;
  readonly failed: FailedAsset[];
}

export function nothingDone(albumId: string | undefined): Done {
  return {
    album: albumId === undefined ? undefined : { id: albumId, created: false },
    added: 0,
    removed: 0,
    failed: [],
  };
}

/** What is known so far; the summary is made of it wherever the run ends. */
export interface Facts {
  version: string | null;
  album: Album | undefined;
  counts: AssetCounts;
  unassignedFaces: number | null;
  plan: Plan;
  heldBack: Ids;
  done: Done;
  guard: Refusal | null;
  strategy: Summary["strategy"];
}

export function nothingKnown(): Facts {
  return {
    version: null,
    album: undefined,
    counts: NO_COUNTS,
    unassignedFaces: null,
    plan: { add: NO_IDS, remove: NO_IDS },
    heldBack: NO_IDS,
    done: nothingDone(undefined),
    guard: null,
    strategy: "scan",
  };
}
