/** Numbers of one kind, and how they stand in memory. */
interface Kind {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
  readonly write: (view: DataView, at: number, value: number) => void;
}

// By views, for V8 is slow at one place in the code that stores into arrays of several types: that
// took 3 µs for each asset.
export const UINT8: Kind = {
  bytes: 1,
  read: (view, at) => view.getUint8(at),
  write: (view, at, value) => view.setUint8(at, value),
};
const UINT16: Kind = {
  bytes: 2,
  read: (view, at) => view.getUint16(at),
  write: (view, at, value) => view.setUint16(at, value),
};
export const INT16: Kind = {
  bytes: 2,
  read: (view, at) => view.getInt16(at),
  write: (view, at, value) => view.setInt16(at, value),
};
export const UINT32: Kind = {
  bytes: 4,
  read: (view, at) => view.getUint32(at),
  write: (view, at, value) => view.setUint32(at, value),
};
export const FLOAT64: Kind = {
  bytes: 8,
  read: (view, at) => view.getFloat64(at),
  write: (view, at, value) => view.setFloat64(at, value),
};

/** Numbers of one kind. Grows by whole pieces: copying them would need twice the room. */
export class Column {
  readonly #kind: Kind;
  readonly #pieces: DataView[] = [];

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  get(index: number): number {
    const piece = this.#pieces[Math.floor(index / PIECE)];
    return piece === undefined ? 0 : this.#kind.read(piece, index % PIECE * this.#kind.bytes);
  }

  set(index: number, value: number): void {
    const number = Math.floor(index / PIECE);
    let piece = this.#pieces[number];
    if (piece === undefined) {
      this.#pieces[number] = piece = new DataView(new ArrayBuffer(PIECE * this.#kind.bytes));
    }
    this.#kind.write(piece, index % PIECE * this.#kind.bytes, value);
  }
}

/** Of each row some numbers of one kind, 65,535 at most: what is more is left out. */
export class Lists {
  readonly #numbers: Column;
  readonly #lengths = new Column(UINT16);
  /** Where the list of every so many rows begins; those between are found by the lengths. */
  readonly #starts = new Column(UINT32);
  #size = 0;
  /** Where the list begins that is next to be ended. */
  #start = 0;

  constructor(kind: Kind) {
    this.#numbers = new Column(kind);
  }

  /** To the list of the row that is next to be ended. */
  add(number: number): void {
    if (this.#size - this.#start < MOST_IN_LIST) this.#numbers.set(this.#size++, number);
  }

  /** Rows are ended one after the other, from 0. */
  end(row: number): void {
    if (row % ROWS_A_START === 0) this.#starts.set(row / ROWS_A_START, this.#start);
    this.#lengths.set(row, this.#size - this.#start);
    this.#start = this.#size;
  }

  get(row: number): number[] {
    const begin = row - row % ROWS_A_START;
    let start = this.#starts.get(begin / ROWS_A_START);
    for (let before = begin; before < row; before++) start += this.#lengths.get(before);
    const length = this.#lengths.get(row);
    return Array.from({ length }, (_, index) => this.#numbers.get(start + index));
  }
}

const MOST_IN_LIST = 2 ** 16 - 1;
const ROWS_A_START = 64;

/** Numbers in a piece. */
const PIECE = 65_536;
