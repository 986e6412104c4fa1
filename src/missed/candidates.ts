import type { AssetTable } from "./asset_table.ts";
import type { Neighbourhood } from "./neighbours.ts";
import type { Relation } from "./relatives.ts";
import type { Likeness } from "./smart_cutoff.ts";

/**
 * Why an asset may show somebody, the best reason first.
 *
 * Immich itself has seen a face: nothing says more. A duplicate is the same picture, an asset of the
 * same stack nearly the same one. A neighbour in time was taken by somebody who was photographing
 * people just then, which is a guess about the next picture. Smart search compares a picture with
 * a text, and is the only one to know nothing of this library.
 */
export const REASONS = ["face", "duplicate", "stack", "neighbour", "smart"] as const;
export type Reason = typeof REASONS[number];

/** Where a face is, in shares of the width and height of the picture, 0 to 1. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Width by height of the picture that the face was looked for in. */
  readonly aspect: number;
}

/** An asset on which Immich has found a face that belongs to nobody. */
export interface FaceFind extends Faces {
  readonly row: number;
}

/** The faces of nobody of one asset. */
export interface Faces {
  /** How many there are; undefined where the server has only told that there are some. */
  readonly count: number | undefined;
  /** Those that can be drawn. */
  readonly boxes: readonly Box[];
}

/** What was found, reason by reason; each asset at most once in each. */
export interface Finds {
  readonly faces: readonly FaceFind[];
  readonly duplicates: readonly Relation[];
  readonly stacks: readonly Relation[];
  readonly neighbours: readonly Neighbourhood[];
  /** How many more there are whose only reason it is, too weak to be shown. */
  readonly weakNeighbours: number;
  readonly alike: readonly Likeness[];
}

export type Evidence =
  | { readonly reason: "face"; readonly find: FaceFind }
  | { readonly reason: "duplicate" | "stack"; readonly find: Relation }
  | { readonly reason: "neighbour"; readonly find: Neighbourhood }
  | { readonly reason: "smart"; readonly find: Likeness };

/** An asset that may show somebody, with its best reason. */
export interface Candidate {
  readonly row: number;
  readonly evidence: Evidence;
  /** Whether there is another reason besides. */
  isSupported: boolean;
}

/**
 * What a second reason adds: a face on a statue has no neighbours with people. With it, a lone
 * neighbour of the next second gets above the middle of a burst, one ten seconds away does not. By
 * the made-up libraries less would be worse, and more better only because smart search, the usual
 * second reason, is always right there.
 */
const SUPPORT = 0.25;

/**
 * Each asset once, by its best reason: first by the reason, then by strength: the larger face, the
 * nearer relative, the denser row, the earlier rank. A second reason adds to it, see `SUPPORT`. Then
 * the newer, so that it is one order.
 */
export function rank(table: AssetTable, finds: Finds): Candidate[] {
  const byRow = new Map<number, Candidate>();
  for (const evidence of evidenceOf(finds)) {
    const { row } = evidence.find;
    const known = byRow.get(row);
    if (known === undefined) byRow.set(row, { row, evidence, isSupported: false });
    else known.isSupported = true;
  }
  return [...byRow.values()].sort((a, b) =>
    REASONS.indexOf(a.evidence.reason) - REASONS.indexOf(b.evidence.reason) ||
    strengthOf(table, b) - strengthOf(table, a) ||
    table.takenAt(b.row) - table.takenAt(a.row) ||
    (table.id(a.row) < table.id(b.row) ? -1 : 1)
  );
}

/** How many there are of each reason. */
export function countReasons(
  candidates: readonly Candidate[],
  { weakNeighbours }: Finds,
): Record<Reason, number> {
  const counts = { face: 0, duplicate: 0, stack: 0, neighbour: weakNeighbours, smart: 0 };
  for (const { evidence } of candidates) counts[evidence.reason]++;
  return counts;
}

function* evidenceOf(finds: Finds): Iterable<Evidence> {
  for (const find of finds.faces) yield { reason: "face", find };
  for (const find of finds.duplicates) yield { reason: "duplicate", find };
  for (const find of finds.stacks) yield { reason: "stack", find };
  for (const find of finds.neighbours) yield { reason: "neighbour", find };
  for (const find of finds.alike) yield { reason: "smart", find };
}

/** 0 to 1, and what supports it; to be compared only among those of one reason. */
function strengthOf(table: AssetTable, { evidence, isSupported }: Candidate): number {
  return ownStrength(table, evidence) + (isSupported ? SUPPORT : 0);
}

function ownStrength(table: AssetTable, evidence: Evidence): number {
  switch (evidence.reason) {
    case "face":
      return Math.max(0, ...evidence.find.boxes.map(({ width, height }) => width * height));
    case "duplicate":
    case "stack":
      return 1 / (1 + minutesApart(table, evidence.find));
    case "neighbour":
      return evidence.find.strength;
    case "smart":
      return 1 / evidence.find.rank;
  }
}

function minutesApart(table: AssetTable, { row, relative }: Relation): number {
  return Math.abs(table.takenAt(relative) - table.takenAt(row)) / 60_000;
}
