import type { Candidate, Evidence, Reason } from "./candidates.ts";
import type { AssetTable, Shown } from "./asset_table.ts";

/** What `missed --json` prints. Names are a contract. */
export interface MissedDocument {
  readonly status: "ok" | "failed";
  readonly exitCode: number;
  readonly server: { readonly url: string | null; readonly version: string | null };
  /** The best, best first. */
  readonly candidates: readonly FoundCandidate[];
  /** How many there are in all, those that are not in the list included. */
  readonly counts: Readonly<Record<Reason, number>>;
  /** What could not be looked at, and why. */
  readonly notes: readonly string[];
  /** Where the page is; null: there is none. */
  readonly report: string | null;
  readonly error: { readonly name: string; readonly message: string; readonly hint: string } | null;
  readonly requests: number;
  readonly durationMs: number;
}

export const NO_CANDIDATES: Readonly<Record<Reason, number>> = {
  face: 0,
  duplicate: 0,
  stack: 0,
  neighbour: 0,
  smart: 0,
};

/** One asset, as it is told. */
export interface FoundAsset {
  readonly id: string;
  readonly fileName: string;
  /** On the clock of where it was taken: `2026-11-22T10:00:00`. */
  readonly takenAt: string;
  readonly isVideo: boolean;
  /** Its page in Immich. */
  readonly url: string;
}

/** An asset that may show somebody, and why. */
export type FoundCandidate = FoundAsset & FoundReason;

export type FoundReason =
  | { readonly reason: "face"; readonly evidence: FaceEvidence }
  | { readonly reason: "duplicate" | "stack"; readonly evidence: RelatedEvidence }
  | { readonly reason: "neighbour"; readonly evidence: NeighbourEvidence }
  | { readonly reason: "smart"; readonly evidence: SmartEvidence };

export interface FaceEvidence {
  /** How many faces of nobody there are; null when the server has only told that there are some. */
  readonly count: number | null;
  /** Where they are, in per cent of the picture, of at most twenty. */
  readonly faces: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  }[];
  /** Width by height of the picture; null when no face is told. */
  readonly aspect: number | null;
}

/** The asset that shows somebody. */
export interface RelatedEvidence {
  readonly asset: FoundAsset;
  /** Empty: somebody whom Immich has not recognised. */
  readonly people: readonly Shown[];
}

export interface NeighbourEvidence extends RelatedEvidence {
  /** After that asset, or, negative, before it. */
  readonly seconds: number;
  /** How many of those around it show somebody, and how many there are. */
  readonly shown: number;
  readonly of: number;
}

export interface SmartEvidence {
  readonly query: string;
  /** Among the candidates in the album, nearest to the query first, from 1. */
  readonly rank: number;
  /** Per cent of those next to it in that order of the whole library that show somebody. */
  readonly around: number;
}

/** What was found, with everything that a reader needs to know of it. */
export function describe(
  table: AssetTable,
  candidates: readonly Candidate[],
  serverUrl: string,
  query: string,
): FoundCandidate[] {
  return candidates.map(({ row, evidence }) => ({
    ...assetOf(table, row, serverUrl),
    ...reasonOf(table, evidence, serverUrl, query),
  }));
}

function assetOf(table: AssetTable, row: number, serverUrl: string): FoundAsset {
  const { id, fileName, localTime, isVideo } = table.row(row);
  const takenAt = new Date(localTime).toISOString().slice(0, -5);
  return { id, fileName: fileName || id, takenAt, isVideo, url: `${serverUrl}/photos/${id}` };
}

function reasonOf(
  table: AssetTable,
  evidence: Evidence,
  serverUrl: string,
  query: string,
): FoundReason {
  const related = (row: number): RelatedEvidence => ({
    asset: assetOf(table, row, serverUrl),
    people: table.shown(row),
  });
  switch (evidence.reason) {
    case "face": {
      const { count = null, boxes } = evidence.find;
      const faces = boxes.map(({ left, top, width, height }) => ({
        left: percent(left),
        top: percent(top),
        width: percent(width),
        height: percent(height),
      }));
      return { reason: "face", evidence: { count, faces, aspect: boxes[0]?.aspect ?? null } };
    }
    case "duplicate":
    case "stack":
      return { reason: evidence.reason, evidence: related(evidence.find.relative) };
    case "neighbour": {
      const { nearest, distance, shown, of } = evidence.find;
      const seconds = distance / 1000;
      return { reason: "neighbour", evidence: { ...related(nearest), seconds, shown, of } };
    }
    case "smart": {
      const { rank, around } = evidence.find;
      return { reason: "smart", evidence: { query, rank, around: percent(around) } };
    }
  }
}

/** With one decimal: a pixel of a large picture. */
function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}
