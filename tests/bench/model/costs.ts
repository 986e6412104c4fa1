import type { SpeedUp } from "./shared_cores.ts";

/** The servers that were measured; "3.2.0" is 3.1.0 with the structured search. */
export type ModelVersion = "2.7.5" | "3.1.0" | "3.2.0";

/** What a flat page costs, in seconds. */
interface PageCosts {
  /** For any page, empty ones too. */
  readonly page: number;
  readonly row: number;
  /** A row before the page, skipped by its number. */
  readonly skippedRow: number;
}

/**
 * Fitted to these measurements of 100,000 assets: by window 9.5 s (2.7.5) and 9.1 s (3.1.0), by page
 * number at 1,000 62.8 s and 122.6 s, on 2.7.5 at 250 246 s. The three of 2.7.5 give its three
 * figures; 3.1.0 was not measured at 250, so a page has the same share there.
 */
const PAGES: Record<ModelVersion, PageCosts> = {
  "2.7.5": { page: 0.060, row: 35e-6, skippedRow: 10.8e-6 },
  "3.1.0": { page: 0.057, row: 34e-6, skippedRow: 22.9e-6 },
  "3.2.0": { page: 0.057, row: 34e-6, skippedRow: 22.9e-6 },
};

/** Pages per second with so many at once, against one: 4.1 / 7.1 / 8.1 / 8.8, 1.7 / 3.0 / 3.0 / 3.2. */
const SPEED_UPS_2: readonly SpeedUp[] = [
  { atOnce: 2, factor: 7.1 / 4.1 },
  { atOnce: 4, factor: 8.1 / 4.1 },
  { atOnce: 8, factor: 8.8 / 4.1 },
];
const SPEED_UPS_3: readonly SpeedUp[] = [
  { atOnce: 2, factor: 3.0 / 1.7 },
  { atOnce: 4, factor: 3.0 / 1.7 },
  { atOnce: 8, factor: 3.2 / 1.7 },
];

/** Which of the measured counts and sparse searches one is like. */
export type CountKind = "noneOfPeople" | "anyOfPeople" | "toAdd" | "toRemove";

/** Seconds at 100,000 and at 1,000,000 assets. Between and beyond: a power of the size. */
type BySize = readonly [number, number];

/** `POST /search/statistics`; the first is given as 0.14 to 0.21 s at 100,000. */
const COUNTS: Record<CountKind, BySize> = {
  noneOfPeople: [0.175, 1.3],
  anyOfPeople: [0.28, 0.9],
  toAdd: [0.35, 1.2],
  toRemove: [0.6, 1.3],
};

/** `POST /search/metadata` with a filter that nothing passes. */
const SPARSE_SEARCHES: Record<CountKind, BySize> = {
  noneOfPeople: [2.9, 5.3],
  toAdd: [2.9, 5.3],
  anyOfPeople: [3.4, 5.5],
  toRemove: [3.4, 5.5],
};

/** A page of a filter that many pass: 69 ms, shared out as a flat page. */
const DENSE_PAGE = { page: 0.043, row: 26e-6 };
/** Rows looked at for one returned that are in these 69 ms (59 % of the measured library passed). */
const DENSE_ROWS = 2;

/** `GET /albums/{id}` of 2.x with its assets: 4.4 s for 61,101. */
const ALBUM_ROW = 72e-6;

/** Adding ids, in seconds: 1,000, 10,000 and 50,000 were measured; the first is where their line ends. */
const ADDING: readonly (readonly [number, number])[] = [
  [0, 0.039],
  [1000, 0.1],
  [10_000, 0.65],
  [50_000, 2.2],
];

/** Assumed, not measured: what any request costs, and a row that is only counted. */
const REQUEST = 0.003;
const COUNTED_ROW = 0.3e-6;

/** Seconds that a server of 2 cores needs alone for a request, by what was measured of it. */
export class ServerCosts {
  readonly speedUps: readonly SpeedUp[];
  readonly #pages: PageCosts;
  /** Assets of the user. */
  readonly size: number;

  constructor(version: ModelVersion, size: number) {
    this.#pages = PAGES[version];
    this.speedUps = version === "2.7.5" ? SPEED_UPS_2 : SPEED_UPS_3;
    this.size = size;
  }

  flatPage({ rows, skipped }: { rows: number; skipped: number }): number {
    const { page, row, skippedRow } = this.#pages;
    return page + rows * row + skipped * skippedRow;
  }

  /**
   * A page of a structured search. One that is dense costs its page, one that goes through the whole
   * library what was measured when it found nothing; between them the share of the library that it
   * had to go through decides.
   */
  structuredPage(
    { rows, skipped, walked, kind }: {
      rows: number;
      skipped: number;
      walked: number;
      kind: CountKind;
    },
  ): number {
    const inVain = Math.max(0, walked - skipped - DENSE_ROWS * (rows + 1));
    return DENSE_PAGE.page + rows * DENSE_PAGE.row + skipped * this.#pages.skippedRow +
      this.#bySize(SPARSE_SEARCHES[kind]) * inVain / this.size;
  }

  count(kind: CountKind): number {
    return this.#bySize(COUNTS[kind]);
  }

  /** `POST /search/random` does not sort: as a count. */
  random(kind: CountKind, rows: number): number {
    return this.count(kind) + rows * DENSE_PAGE.row;
  }

  /** `GET /timeline/buckets`: assumed to be like the cheapest count. */
  buckets(): number {
    return this.count("noneOfPeople");
  }

  bucket(rows: number): number {
    return this.#pages.page + rows * COUNTED_ROW;
  }

  albumWithAssets(rows: number): number {
    return REQUEST + rows * ALBUM_ROW;
  }

  /** Albums and people come with counts of their rows: assumed. */
  counted(rows: number): number {
    return REQUEST + rows * COUNTED_ROW;
  }

  /** Removing was not measured; it is taken to cost the same. */
  change(ids: number): number {
    let [fromIds, from] = ADDING[0] ?? [0, 0];
    let slope = 0;
    for (const [toIds, to] of ADDING.slice(1)) {
      slope = (to - from) / (toIds - fromIds);
      if (ids <= toIds) break;
      [fromIds, from] = [toIds, to];
    }
    return from + (ids - fromIds) * slope;
  }

  request(): number {
    return REQUEST;
  }

  #bySize([at100k, at1M]: BySize): number {
    return at100k * (this.size / 100_000) ** Math.log10(at1M / at100k);
  }
}

/** The two counts that tell that nothing has to be done. */
export function secondsOfTwoCounts(costs: ServerCosts): number {
  return costs.count("noneOfPeople") + costs.count("anyOfPeople");
}
