import { parseUuid, UUID_WORDS } from "../immich/uuid.ts";
import { Column, UINT32 } from "./columns.ts";

/** The rows that have the same `duplicateId`, in 20 bytes each: see `AssetTable` for why. */
export class DuplicateGroups {
  #size = 0;
  readonly #rows = new Column(UINT32);
  readonly #ids = new Column(UINT32);
  /** The id in question. */
  readonly #id = new Uint32Array(UUID_WORDS);

  /** What is no UUID is not from Immich, and makes no group. */
  add(duplicateId: string, row: number): void {
    if (!parseUuid(duplicateId, this.#id)) return;
    for (let word = 0; word < UUID_WORDS; word++) {
      this.#ids.set(this.#size * UUID_WORDS + word, this.#id[word] ?? 0);
    }
    this.#rows.set(this.#size++, row);
  }

  /** The groups of two and more, each in the order in which its rows were added. */
  *[Symbol.iterator](): Generator<number[]> {
    const order = Uint32Array.from({ length: this.#size }, (_, index) => index)
      .sort((a, b) => this.#compare(a, b) || a - b);
    for (let first = 0, end = 1; first < order.length; first = end++) {
      const one = order[first] ?? 0;
      while (end < order.length && this.#compare(one, order[end] ?? 0) === 0) end++;
      if (end - first === 1) continue;
      yield Array.from(order.subarray(first, end), (index) => this.#rows.get(index));
    }
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < UUID_WORDS; word++) {
      const order = this.#ids.get(a * UUID_WORDS + word) - this.#ids.get(b * UUID_WORDS + word);
      if (order !== 0) return order;
    }
    return 0;
  }
}
