/** Numbers of one kind. Grows by whole pieces: copying them would need twice the room. */
export class Column {
  readonly #make: (length: number) => Numbers;
  readonly #pieces: Numbers[] = [];
  readonly #length: number;

  constructor(make: (length: number) => Numbers, width = 1) {
    this.#make = make;
    this.#length = PIECE * width;
  }

  get(index: number): number {
    return this.#pieces[Math.floor(index / this.#length)]?.[index % this.#length] ?? 0;
  }

  set(index: number, value: number): void {
    const number = Math.floor(index / this.#length);
    let piece = this.#pieces[number];
    if (piece === undefined) this.#pieces[number] = piece = this.#make(this.#length);
    piece[index % this.#length] = value;
  }
}

/** Of each row some numbers of one kind, 65,535 at most: what is more is left out. */
export class Lists {
  readonly #numbers: Column;
  readonly #lengths = new Column((length) => new Uint16Array(length));
  /** Where the list of every so many rows begins; those between are found by the lengths. */
  readonly #starts = new Column((length) => new Uint32Array(length));
  #size = 0;
  /** Where the list begins that is next to be ended. */
  #start = 0;

  constructor(make: (length: number) => Numbers) {
    this.#numbers = new Column(make);
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

type Numbers = Uint8Array | Uint16Array | Int16Array | Uint32Array | Float64Array;
const PIECE = 65_536;
