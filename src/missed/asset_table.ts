import type { Asset } from "../immich/asset.ts";
import { formatUuid, parseUuid, UUID_WORDS } from "../immich/uuid.ts";
import { Column, FLOAT64, INT16, Lists, UINT32, UINT8 } from "./columns.ts";

/** Somebody on an asset. */
export interface Shown {
  readonly id: string;
  /** Empty for somebody who has not been named. */
  readonly name: string;
}

/** What is said of an asset besides what the server answers. */
export interface Mark {
  /** The rule takes it for faceless: it may show somebody who was missed. */
  readonly isCandidate: boolean;
  /** Who is on it, of those who count; undefined: nobody. Empty: a face of nobody that counts. */
  readonly shown: readonly Shown[] | undefined;
}

/** What `missed` remembers of one asset. */
export interface Row {
  readonly id: string;
  readonly fileName: string;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** The same moment on the clock of that place, as if that were UTC. */
  readonly localTime: number;
  readonly isVideo: boolean;
}

/**
 * All assets that were listed, in columns of bytes: 50 bytes each with a usual file name, where
 * objects take 400. A million of them are to fit into 200 MB beside everything else.
 *
 * Nothing else may stay of an asset: with a few small objects of each page of a listing left, V8
 * can't give back the room that the page took. At a million assets that was 30 MB.
 */
export class AssetTable {
  size = 0;
  readonly #ids = new Column(UINT32);
  readonly #times = new Column(FLOAT64);
  /** Local time less UTC, in minutes. */
  readonly #offsets = new Column(INT16);
  readonly #flags = new Column(UINT8);
  /** The id in question. */
  readonly #id = new Uint32Array(UUID_WORDS);
  /** Who is shown, by the number of the person. */
  readonly #shown = new Lists(UINT32);
  /** In UTF-8. */
  readonly #names = new Lists(UINT8);
  readonly #people: Shown[] = [];
  readonly #personNumbers = new Map<string, number>();

  /** @returns the number of its row, from 0 */
  add(asset: Asset, { isCandidate, shown }: Mark): number {
    const row = this.size++;
    parseUuid(asset.id, this.#id);
    // By entries() four arrays of a million ids are most of what has to be cleared away.
    for (let word = 0; word < UUID_WORDS; word++) {
      this.#ids.set(row * UUID_WORDS + word, this.#id[word] ?? 0);
    }
    const takenAt = asset.fileCreatedAt;
    this.#times.set(row, takenAt);
    const offset = (Date.parse(asset.localDateTime ?? "") - takenAt) / 60_000;
    // The world has clocks from -12 to +14 hours; anything else is no clock.
    this.#offsets.set(row, Math.abs(offset) <= 14 * 60 ? Math.round(offset) : 0);
    this.#flags.set(
      row,
      (isCandidate ? CANDIDATE : 0) | (asset.type === "VIDEO" ? VIDEO : 0) |
        (shown === undefined ? 0 : SHOWS_SOMEBODY) |
        (asset.visibility === "archive" ? ARCHIVED : 0) |
        (asset.people.length > 0 ? HAS_PEOPLE : 0),
    );
    for (const person of shown ?? []) this.#shown.add(this.#numberOfPerson(person));
    this.#shown.end(row);
    this.#addName(asset.originalFileName ?? "");
    this.#names.end(row);
    return row;
  }

  isCandidate(row: number): boolean {
    return (this.#flags.get(row) & CANDIDATE) !== 0;
  }

  showsSomebody(row: number): boolean {
    return (this.#flags.get(row) & SHOWS_SOMEBODY) !== 0;
  }

  /** Whether people are on it, those who do not count included. */
  hasPeople(row: number): boolean {
    return (this.#flags.get(row) & HAS_PEOPLE) !== 0;
  }

  isArchived(row: number): boolean {
    return (this.#flags.get(row) & ARCHIVED) !== 0;
  }

  shown(row: number): readonly Shown[] {
    return this.#shown.get(row).flatMap((person) => this.#people[person] ?? []);
  }

  takenAt(row: number): number {
    return this.#times.get(row);
  }

  row(row: number): Row {
    const takenAt = this.#times.get(row);
    return {
      id: this.id(row),
      fileName: new TextDecoder().decode(Uint8Array.from(this.#names.get(row))),
      takenAt,
      localTime: takenAt + this.#offsets.get(row) * 60_000,
      isVideo: (this.#flags.get(row) & VIDEO) !== 0,
    };
  }

  id(row: number): string {
    for (let word = 0; word < UUID_WORDS; word++) {
      this.#id[word] = this.#ids.get(row * UUID_WORDS + word);
    }
    return formatUuid(this.#id, 0);
  }

  /**
   * The rows by capture time, oldest first; those of one moment by id, so that it is one order. An
   * asset that was listed twice, because it has moved from one list to the other meanwhile, is in it
   * once, as it was listed last; its other row is no candidate and no evidence any more.
   */
  inTime(): Uint32Array {
    const rows = this.#byTime();
    let kept = 0;
    for (let first = 0, end = 1; first < rows.length; first = end++) {
      const time = this.takenAt(rows[first] ?? 0);
      while (end < rows.length && this.takenAt(rows[end] ?? 0) === time) end++;
      if (end - first > 1) {
        rows.subarray(first, end).sort((a, b) => this.#compareIds(a, b) || a - b);
      }
      for (let place = first; place < end; place++) {
        const row = rows[place] ?? 0;
        const isDouble = place + 1 < end && this.#compareIds(row, rows[place + 1] ?? 0) === 0;
        if (isDouble) this.#flags.set(row, 0);
        else rows[kept++] = row;
      }
    }
    return rows.subarray(0, kept);
  }

  /**
   * By digits of the time, from the last one on: sorting a million with a function that compares
   * needs 20 MB more for a moment, and as the last thing before the end that is the most of all.
   */
  #byTime(): Uint32Array {
    let rows = new Uint32Array(this.size);
    let earliest = Infinity, latest = -Infinity;
    for (let row = 0; row < this.size; row++) {
      rows[row] = row;
      earliest = Math.min(earliest, this.takenAt(row));
      latest = Math.max(latest, this.takenAt(row));
    }
    let sorted = new Uint32Array(this.size);
    for (let unit = 1; unit <= latest - earliest; unit *= DIGIT) {
      const digitOf = (row: number) => Math.floor((this.takenAt(row) - earliest) / unit) % DIGIT;
      const ends = new Uint32Array(DIGIT + 1);
      for (const row of rows) ends[digitOf(row) + 1] = (ends[digitOf(row) + 1] ?? 0) + 1;
      for (let digit = 1; digit <= DIGIT; digit++) {
        ends[digit] = (ends[digit] ?? 0) + (ends[digit - 1] ?? 0);
      }
      for (const row of rows) {
        const digit = digitOf(row);
        const place = ends[digit] ?? 0;
        sorted[place] = row;
        ends[digit] = place + 1;
      }
      [rows, sorted] = [sorted, rows];
    }
    return rows;
  }

  /** Where assets are, by id; those that were not listed are missing. One pass over all rows. */
  find(ids: Iterable<string>): Map<string, number> {
    const wanted = Map.groupBy(ids, (id) => parseInt(id.slice(0, 8), 16));
    const found = new Map<string, number>();
    if (wanted.size === 0) return found;
    for (let row = 0; row < this.size; row++) {
      for (const id of wanted.get(this.#ids.get(row * UUID_WORDS)) ?? []) {
        if (this.id(row) === id.toLowerCase()) found.set(id, row);
      }
    }
    return found;
  }

  #compareIds(a: number, b: number): number {
    for (let word = 0; word < UUID_WORDS; word++) {
      const order = this.#ids.get(a * UUID_WORDS + word) - this.#ids.get(b * UUID_WORDS + word);
      if (order !== 0) return order;
    }
    return 0;
  }

  #numberOfPerson(person: Shown): number {
    const known = this.#personNumbers.get(person.id);
    if (known !== undefined) return known;
    this.#personNumbers.set(person.id, this.#people.length);
    return this.#people.push(person) - 1;
  }

  /** Into one buffer for all: a million small ones would be more work to clear away than to make. */
  #addName(name: string): void {
    const { written } = encoder.encodeInto(name.length > MAX_NAME ? "" : name, nameBuffer);
    for (let index = 0; index < written; index++) this.#names.add(nameBuffer[index] ?? 0);
  }
}

const CANDIDATE = 1;
const VIDEO = 2;
const SHOWS_SOMEBODY = 4;
const ARCHIVED = 8;
const HAS_PEOPLE = 16;
/** Values of a digit of a time. */
const DIGIT = 2 ** 15;
/** No file system has longer names; cut ones could show half a secret, which nobody would know. */
const MAX_NAME = 255;
const encoder = new TextEncoder();
/** A character of a text has at most three bytes. */
const nameBuffer = new Uint8Array(3 * MAX_NAME);
