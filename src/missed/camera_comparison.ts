import type { AssetTable } from "./asset_table.ts";
import { type Candidate, type Finds, rank } from "./candidates.ts";
import { lookAround, MOST_ON_A_SIDE, type Neighbourhood } from "./neighbours.ts";

/** Whose cameras are to be asked for: one asset's, or those of all between two places in time. */
export type CameraQuestion =
  | { readonly kind: "asset"; readonly row: number }
  | ({ readonly kind: "stretch" } & Stretch);

/** Places in the order of time, both ends included. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** What is compared, and how much may be asked for it. */
export interface ComparisonInput {
  readonly table: AssetTable;
  /** The rows by capture time. */
  readonly inTime: Uint32Array;
  readonly withinMs: number;
  /** How many candidates are wanted: others are not compared. */
  readonly limit: number;
  /** What the questions may cost together; one for an asset costs 1. */
  readonly most: number;
  /** Whether a question for a stretch does not show this asset. */
  readonly isAskedAlone: (row: number) => boolean;
}

/**
 * What a question for a stretch costs, by the 11 ms of one for an asset: 66 ms, and 0.13 ms for each
 * asset in it, as with `withExif` a page of 1,000 takes up to twice its 0.1 s.
 */
const STRETCH_COST = 6;
const STRETCH_ROW_COST = 0.012;
/** So many assets between two that are asked for cost less than half of another question. */
const WORTH_BRIDGING = 200;
/** What one question can answer is 1,000; partners' assets come along. */
const MOST_ASSETS = 700;
/** After this share of all that may be asked, the answers decide what to ask next. */
const ROUND_SHARE = 0.5;

/** What may as well be of another camera says so much less than what is known to be of the same. */
const UNCOMPARED = 0.5;

/** The best of some candidates, by their place in the order, and what settles them. */
interface Task {
  readonly best: number;
  readonly questions: readonly CameraQuestion[];
}

/**
 * Drops neighbours of another camera, where both cameras are known. Only for the best candidates
 * can that be asked for within the time of a scan, so that the best is settled first: whether it
 * and the nearest that shows somebody are of one camera, and if not, whether the next one is. Where
 * many are to be asked for within a short time, a question for all of that time costs less.
 */
export class CameraComparison {
  /** What the questions have cost. */
  cost = 0;
  #finds: Finds;
  readonly #input: ComparisonInput;
  /** By row; undefined: it was asked for, and nobody knows. */
  readonly #cameras = new Map<number, string | undefined>();
  readonly #placeOf: ReadonlyMap<number, number>;

  constructor(input: ComparisonInput, finds: Finds) {
    this.#input = input;
    this.#finds = finds;
    const rows = new Set(finds.neighbours.map(({ row }) => row));
    const places = new Map<number, number>();
    for (const [place, row] of input.inTime.entries()) if (rows.has(row)) places.set(row, place);
    this.#placeOf = places;
  }

  /** What to ask next; nothing when all that is wanted is settled, or more would cost too much. */
  next(): CameraQuestion[] {
    const { most } = this.#input;
    const questions: CameraQuestion[] = [];
    const rows = new Set<number>();
    const costBefore = this.cost;
    for (const task of this.#tasks()) {
      const fresh = task.questions.filter((one) => one.kind === "stretch" || !rows.has(one.row));
      const cost = fresh.reduce((sum, question) => sum + costOf(question), 0);
      if (this.cost + cost > most) break;
      if (questions.length > 0 && this.cost + cost - costBefore > most * ROUND_SHARE) break;
      this.cost += cost;
      for (const question of fresh) {
        questions.push(question);
        if (question.kind === "asset") rows.add(question.row);
      }
    }
    return questions;
  }

  /** @param cameras by asset id; those not known are missing */
  learn(question: CameraQuestion, cameras: ReadonlyMap<string, string>): void {
    const { table, inTime, isAskedAlone } = this.#input;
    const rows = question.kind === "asset"
      ? [question.row]
      : inTime.subarray(question.first, question.last + 1).filter((row) => !isAskedAlone(row));
    for (const row of rows) this.#cameras.set(row, cameras.get(table.id(row)));
  }

  /** Draws the consequences of what was learnt. */
  update(): void {
    const { table, inTime, withinMs } = this.#input;
    const isOther = (a: number, b: number) => {
      const [one, other] = [this.#cameras.get(a), this.#cameras.get(b)];
      return one !== undefined && other !== undefined && one !== other;
    };
    const neighbours = this.#finds.neighbours.flatMap((find) => {
      const place = this.#placeOf.get(find.row);
      return place === undefined || this.#cameras.get(find.row) === undefined
        ? find
        : lookAround(table, inTime, place, withinMs, isOther) ?? [];
    });
    this.#finds = { ...this.#finds, neighbours };
  }

  /** How many of the wanted candidates with neighbours are settled, and how many there are. */
  count(): { readonly settled: number; readonly of: number } {
    const wanted = this.#wanted();
    const settled = wanted.filter(({ find }) => this.#unknown(find).length === 0).length;
    return { settled, of: wanted.length };
  }

  /** What is left; those that were not compared are weaker than those that were. */
  conclude(): Finds {
    const neighbours = this.#finds.neighbours.map((find) =>
      this.#unknown(find).length === 0 ? find : { ...find, strength: find.strength * UNCOMPARED }
    );
    return { ...this.#finds, neighbours };
  }

  /** With their place in the order of all. */
  #wanted(): { readonly best: number; readonly find: Neighbourhood }[] {
    const { table, limit } = this.#input;
    return rank(table, this.#finds).slice(0, limit)
      .flatMap(({ evidence }: Candidate, best) =>
        evidence.reason === "neighbour" ? { best, find: evidence.find } : []
      );
  }

  #unknown({ row, nearest }: Neighbourhood): number[] {
    return [row, nearest].filter((one) => !this.#cameras.has(one));
  }

  /** The best first. */
  #tasks(): Task[] {
    const { isAskedAlone } = this.#input;
    const open = this.#wanted()
      .map(({ best, find }) => ({
        best,
        place: this.#placeOf.get(find.row) ?? 0,
        rows: this.#unknown(find),
      }))
      .filter(({ rows }) => rows.length > 0)
      .sort((a, b) => a.place - b.place);
    return this.#nearEachOther(open).flatMap(({ first, last, members }): Task[] => {
      const stretch = { kind: "stretch", first, last } as const;
      // Those that it does not show are asked for once it has been asked.
      const shown = new Set(
        members.flatMap(({ rows }) => rows).filter((row) => !isAskedAlone(row)),
      );
      if (shown.size > costOf(stretch)) {
        return [{ best: Math.min(...members.map(({ best }) => best)), questions: [stretch] }];
      }
      return members.map(({ best, rows }) => ({
        best,
        questions: rows.map((row) => ({ kind: "asset", row })),
      }));
    }).sort((a, b) => a.best - b.best);
  }

  /** In stretches with all their neighbours, as far as one question can ask for them. */
  #nearEachOther<T extends { place: number }>(
    inOrder: readonly T[],
  ): (Stretch & { readonly members: readonly T[] })[] {
    const stretches: { first: number; last: number; members: T[] }[] = [];
    for (const member of inOrder) {
      const [first, last] = [this.#reach(member.place, -1), this.#reach(member.place, 1)];
      const before = stretches.at(-1);
      if (
        before !== undefined && first - before.last <= WORTH_BRIDGING &&
        last - before.first < MOST_ASSETS
      ) {
        before.last = Math.max(before.last, last);
        before.members.push(member);
      } else stretches.push({ first, last, members: [member] });
    }
    return stretches;
  }

  /** The place of the last neighbour in this direction. */
  #reach(place: number, direction: 1 | -1): number {
    const { table, inTime, withinMs } = this.#input;
    const timeAt = (at: number) => table.takenAt(inTime[at] ?? 0);
    let end = place;
    for (let step = 1; step <= MOST_ON_A_SIDE; step++) {
      const next = place + direction * step;
      if (next < 0 || next >= inTime.length) break;
      if (Math.abs(timeAt(next) - timeAt(place)) > withinMs) break;
      end = next;
    }
    return end;
  }
}

function costOf(question: CameraQuestion): number {
  if (question.kind === "asset") return 1;
  return STRETCH_COST + STRETCH_ROW_COST * (question.last - question.first + 1);
}
