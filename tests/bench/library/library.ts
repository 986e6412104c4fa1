import type { AssetType, Visibility } from "../../emulator/model.ts";
import { type Micros, parseMicros } from "../../emulator/time.ts";
import { idOfSerial, serialOfId } from "./asset_ids.ts";
import { fraction } from "./mixing.ts";

/** Bits of `traits`. */
export const VIDEO = 1, ARCHIVED = 2, HIDDEN = 4, TRASHED = 8, FAVOURITE = 16, BARE_FACE = 32;

/** People on one asset, at most. */
export const SLOTS = 3;

/** Numbers of people are 1 to this; 0 is nobody. */
const MAX_PEOPLE = 255;

const FIRST_CAPTURE = parseMicros("2007-01-01T00:00:00Z");
const LAST_CAPTURE = parseMicros("2024-12-01T00:00:00Z");
const DAY = 86_400_000_000;

/** Which function of the index is meant; the last one takes the slot, too. */
const SALT = {
  gap: 0,
  season: 1,
  type: 2,
  visibility: 3,
  trashed: 4,
  favourite: 5,
  upload: 6,
  hasPeople: 7,
  peopleCount: 8,
  bareFace: 9,
  person: 10,
};

export interface LibraryOptions {
  readonly size: number;
  /** Numbers 1 to this are people that the server lists. */
  readonly people: number;
  /** So many more people have one face only and no name, and are not listed. */
  readonly strangers: number;
  /** Whether a stranger is alone on the photo; else a listed person is there too. */
  readonly loneStrangers: boolean;
}

/**
 * The assets of one user, in columns, all a function of the index. The index is the place in capture
 * order as 3.x sorts it: by time, ties by id.
 */
export class Library {
  readonly options: LibraryOptions;
  readonly size: number;
  /** Ascending, with ties. */
  readonly takenAt: Float64Array;
  readonly createdAt: Float64Array;
  readonly traits: Uint8Array;
  /** `SLOTS` numbers of people for each asset, ascending, 0 at the end. */
  readonly people: Uint8Array;
  /** The serial number of the id, by index: the index itself but among ties. */
  readonly #serials: Uint32Array;
  readonly #indexes: Uint32Array;

  constructor(options: LibraryOptions) {
    if (options.people + options.strangers > MAX_PEOPLE) throw new RangeError("too many people");
    const { size } = options;
    this.options = options;
    this.size = size;
    this.takenAt = makeCaptureTimes(size);
    this.createdAt = new Float64Array(size);
    this.traits = new Uint8Array(size);
    this.people = new Uint8Array(size * SLOTS);
    this.#serials = sortTies(this.takenAt);
    this.#indexes = new Uint32Array(size);
    this.#serials.forEach((serial, index) => this.#indexes[serial] = index);
    this.restore();
  }

  /** Makes everything as it was at first, whatever was changed. */
  restore(): void {
    for (let index = 0; index < this.size; index++) {
      this.createdAt[index] = at(this.takenAt, index) +
        Math.floor(fraction(index, SALT.upload) ** 4 * 25 * DAY);
      this.traits[index] = traitsOf(index);
      this.setPeople(index, peopleOf(index, this.options.people));
    }
    this.#placeStrangers();
  }

  idAt(index: number): string {
    return idOfSerial(at(this.#serials, index));
  }

  /** -1 if no asset has this id. */
  indexOf(id: string): number {
    const index = this.#indexes[serialOfId(id)];
    return index !== undefined && this.idAt(index) === id ? index : -1;
  }

  has(index: number, trait: number): boolean {
    return (at(this.traits, index) & trait) !== 0;
  }

  visibilityAt(index: number): Visibility {
    if (this.has(index, ARCHIVED)) return "archive";
    return this.has(index, HIDDEN) ? "hidden" : "timeline";
  }

  typeAt(index: number): AssetType {
    return this.has(index, VIDEO) ? "VIDEO" : "IMAGE";
  }

  trashedAt(index: number): Micros | null {
    return this.has(index, TRASHED) ? at(this.createdAt, index) : null;
  }

  /** The numbers of the people on the asset. */
  peopleAt(index: number): number[] {
    const slots = this.people.subarray(index * SLOTS, (index + 1) * SLOTS);
    return [...slots].filter((number) => number > 0);
  }

  setPeople(index: number, numbers: readonly number[]): void {
    const sorted = numbers.toSorted((a, b) => a - b);
    for (let slot = 0; slot < SLOTS; slot++) {
      this.people[index * SLOTS + slot] = sorted[slot] ?? 0;
    }
  }

  /** Whether the asset belongs to the album of the rule no-people: the truth of the benchmark. */
  isFaceless(index: number): boolean {
    return (at(this.traits, index) & (ARCHIVED | HIDDEN | TRASHED)) === 0 &&
      this.people[index * SLOTS] === 0;
  }

  /** The first index whose capture time is at least this. */
  firstFrom(time: Micros): number {
    let low = 0, high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(this.takenAt, middle) >= time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #placeStrangers(): void {
    const { people, strangers, loneStrangers } = this.options;
    const isPlace = (index: number) =>
      loneStrangers
        ? this.isFaceless(index) && !this.has(index, BARE_FACE)
        : this.peopleAt(index).length === 1;
    for (let stranger = 0; stranger < strangers; stranger++) {
      let index = Math.floor((stranger + 0.5) * this.size / strangers);
      while (index < this.size && !isPlace(index)) index++;
      if (index === this.size) continue;
      this.setPeople(index, [...this.peopleAt(index), people + 1 + stranger]);
    }
  }
}

/** Times over 18 years: seasons full of photos and empty ones, bursts that share a time, and ties. */
function makeCaptureTimes(size: number): Float64Array {
  const seasonLength = Math.max(1, Math.floor(size / 300));
  const gaps = new Float64Array(size);
  let total = 0;
  for (let index = 0; index < size; index++) {
    const season = 0.05 + 3 * fraction(Math.floor(index / seasonLength), SALT.season) ** 2;
    const gap = season * (0.1 + 1.8 * fraction(index, SALT.gap));
    gaps[index] = gap;
    total += gap;
  }
  const scale = (LAST_CAPTURE - FIRST_CAPTURE) / total;
  const times = new Float64Array(size);
  let time = FIRST_CAPTURE;
  for (let index = 0; index < size; index++) {
    const kind = fraction(index, SALT.gap);
    // A hundredth shares the time of the one before it, another only its millisecond, and of every
    // 20,000 forty were scanned at once and have one time.
    if (index % 20_000 >= 40 && kind < 0.99) {
      time += kind < 0.98 ? Math.ceil(at(gaps, index) * scale) : 1 + Math.floor(kind * 1e6) % 300;
    }
    times[index] = time;
  }
  return times;
}

/** Serial numbers by index, with those of equal times in the order of their ids. */
function sortTies(times: Float64Array): Uint32Array {
  const serials = Uint32Array.from(times, (_time, index) => index);
  for (let start = 0, end = 1; start < times.length; start = end, end++) {
    while (end < times.length && times[end] === times[start]) end++;
    if (end - start === 1) continue;
    serials.subarray(start, end).sort((a, b) => idOfSerial(a) < idOfSerial(b) ? -1 : 1);
  }
  return serials;
}

function traitsOf(index: number): number {
  const visibility = fraction(index, SALT.visibility);
  return (fraction(index, SALT.type) < 0.1 ? VIDEO : 0) |
    (visibility < 0.01 ? ARCHIVED : visibility < 0.02 ? HIDDEN : 0) |
    (fraction(index, SALT.trashed) < 0.005 ? TRASHED : 0) |
    (fraction(index, SALT.favourite) < 0.03 ? FAVOURITE : 0) |
    (fraction(index, SALT.bareFace) < 0.01 ? BARE_FACE : 0);
}

/** One, two or three people on 40 % of the assets, some of the people on far more than others. */
function peopleOf(index: number, listed: number): number[] {
  if (listed === 0 || fraction(index, SALT.hasPeople) >= 0.4) return [];
  const share = fraction(index, SALT.peopleCount);
  const count = share < 0.6 ? 1 : share < 0.87 ? 2 : 3;
  const numbers = new Set<number>();
  for (let slot = 0; slot < count; slot++) {
    numbers.add(1 + Math.floor(listed * fraction(index, SALT.person + slot) ** 2));
  }
  return [...numbers];
}

/** An element that must be there. */
export function at(column: Float64Array | Uint32Array | Uint8Array, index: number): number {
  const value = column[index];
  if (value === undefined) throw new RangeError(`nothing at ${index} of ${column.length}`);
  return value;
}
