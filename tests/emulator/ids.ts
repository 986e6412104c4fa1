/** Numbers in [0, 1) that are the same for the same seed, so that a failed test can be repeated. */
export function seededRandom(seed: number): () => number {
  // mulberry32
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Makes ids: real v4 UUIDs, deterministic from a seed. */
export class IdSource {
  readonly #random: () => number;
  readonly #preset: string[] = [];

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** The next ids to give out; a replay of recordings uses those that were recorded. */
  preset(...ids: string[]): void {
    this.#preset.push(...ids);
  }

  next(): string {
    const preset = this.#preset.shift();
    if (preset !== undefined) return preset;
    const [first, second, third, fourth] = [this.#hex8(), this.#hex8(), this.#hex8(), this.#hex8()];
    const variant = "89ab".charAt(Math.floor(this.#random() * 4));
    return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${
      third.slice(4)
    }${fourth}`;
  }

  #hex8(): string {
    return Math.floor(this.#random() * 0x1_0000_0000).toString(16).padStart(8, "0");
  }
}

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether the server takes this as an id: it wants version 4, not just any UUID. */
export function isUuid(value: unknown): value is string {
  return typeof value === "string" && UUID_V4.test(value);
}
