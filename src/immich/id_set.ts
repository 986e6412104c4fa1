import { formatUuid, parseUuid, UUID_WORDS as WORDS } from "./uuid.ts";

/** What is asked of a set of ids, an `IdSet` or a `Set` of strings. */
export interface Ids extends Iterable<string> {
  readonly size: number;
  has(id: string): boolean;
}

/** Those of the ids that are not among the others, neither of which may change: nothing is copied. */
export function without(ids: Ids, others: Ids): Ids {
  const [fewer, more] = ids.size < others.size ? [ids, others] : [others, ids];
  let common = 0;
  for (const id of fewer) if (more.has(id)) common++;
  if (common === 0) return ids;
  return {
    size: ids.size - common,
    has: (id) => ids.has(id) && !others.has(id),
    *[Symbol.iterator]() {
      for (const id of ids) if (!others.has(id)) yield id;
    },
  };
}

/** Ids of a set in blocks, so that nothing has to be copied while it grows. */
const BLOCK_IDS = 1 << 14;
const FIRST_SLOTS = 1 << 10;

/**
 * A set of UUIDs, in the order in which they came. An id takes 16 bytes and two slots of 4, where a
 * `Set` of strings takes about 100: with 600,000 ids of an album that decides whether a run fits
 * into 200 MB.
 *
 * Upper and lower case are the same, and ids come out in lower case, as Immich writes them.
 */
export class IdSet implements Ids {
  readonly #blocks: Uint32Array[] = [];
  /** By hash: 0, or the place of an id, from 1. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #size = 0;
  /** The id in question, as four numbers. */
  readonly #id = new Uint32Array(WORDS);

  constructor(ids: Iterable<string> = []) {
    for (const id of ids) this.add(id);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a UUID; false when it was there already.
   *
   * @throws TypeError for what is no UUID: the parsers of answers let none pass
   */
  add(id: string): boolean {
    if (!parseUuid(id, this.#id)) throw new TypeError(`${JSON.stringify(id)} is not a UUID`);
    if (2 * (this.#size + 1) > this.#slots.length) this.#grow();
    const slot = this.#slotOf(this.#id, 0);
    if (this.#slots[slot] !== 0) return false;
    const place = this.#size % BLOCK_IDS;
    if (place === 0) this.#blocks.push(new Uint32Array(BLOCK_IDS * WORDS));
    this.#blocks.at(-1)?.set(this.#id, place * WORDS);
    this.#slots[slot] = ++this.#size;
    return true;
  }

  has(id: string): boolean {
    return parseUuid(id, this.#id) && this.#slots[this.#slotOf(this.#id, 0)] !== 0;
  }

  /** The id that came at this place, from 0. */
  at(index: number): string {
    const { block, at } = this.#find(index);
    return formatUuid(block, at);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let index = 0; index < this.#size; index++) yield this.at(index);
  }

  /** Where the id at `words[at]` is, or would be. Half of the slots are free, so that there is one. */
  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash(words, at) & mask;; slot = (slot + 1) & mask) {
      const place = this.#slots[slot] ?? 0;
      if (place === 0) return slot;
      const found = this.#find(place - 1);
      if (isSame(words, at, found.block, found.at)) return slot;
    }
  }

  #find(index: number): { block: Uint32Array; at: number } {
    const block = this.#blocks[Math.floor(index / BLOCK_IDS)];
    if (block === undefined) throw new RangeError(`there is no id ${index}`);
    return { block, at: index % BLOCK_IDS * WORDS };
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let index = 0; index < this.#size; index++) {
      const { block, at } = this.#find(index);
      this.#slots[this.#slotOf(block, at)] = index + 1;
    }
  }
}

/** Mixes all digits: ids may be counted up, and differ in the last ones only. */
function hash(words: Uint32Array, at: number): number {
  let mixed = 0;
  for (let word = 0; word < WORDS; word++) {
    mixed = Math.imul(mixed ^ (words[at + word] ?? 0), 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  return mixed >>> 0;
}

function isSame(a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
  for (let word = 0; word < WORDS; word++) if (a[atA + word] !== b[atB + word]) return false;
  return true;
}
