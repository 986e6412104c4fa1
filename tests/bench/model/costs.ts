import type { SpeedUp } from "./shared_cores.ts";

/** The servers that were measured; "3.2.0" is 3.1.0 with the structured search. */
export type ModelVersion = "2.7.5" | "3.1.0" | "3.2.0";

/** What listings cost, in seconds. */
interface PageCosts {
  /** For any page, empty ones too. */
  readonly page: number;
  readonly row: number;
  /** A row before the page, skipped by its number. */
  readonly skippedRow: number;
  /** A member of the album that a page is of: all are sorted each time, whatever the window. */
  readonly member: number;
  /** A bucket of the timeline, empty ones too. */
  readonly bucket: number;
}

/**
 * Fitted to these measurements of 100,000 assets: by window 9.5 s (2.7.5) and 9.1 s (3.1.0), by page
 * number at 1,000 62.8 s and 122.6 s, on 2.7.5 at 250 246 s; later a page alone took 0.06–0.10 s
 * (2.7.5) and 0.11–0.15 s (3.1.0). Of 3.1.0 a page of 1,000 is put between its two measurements.
 *
 * Members: a page of an album of 59,846 took 0.45–0.53 s on 2.7.5, 0.38–0.42 s on 3.1.0, and of
 * 597,710 3.2–3.9 s. Buckets: all 216 of an album one after the other took 4.4 s on 2.7.5, 8.1 s on
 * 3.1.0, and 24 s with ten times the members: their part that does not grow, `BUCKET_ROW` is the other.
 */
const PAGES: Record<ModelVersion, PageCosts> = {
  "2.7.5": { page: 0.060, row: 35e-6, skippedRow: 10.8e-6, member: 7.2e-6, bucket: 0.012 },
  "3.1.0": { page: 0.066, row: 34e-6, skippedRow: 22.9e-6, member: 5.8e-6, bucket: 0.029 },
  "3.2.0": { page: 0.066, row: 34e-6, skippedRow: 22.9e-6, member: 5.8e-6, bucket: 0.029 },
};

/** An asset in a bucket. */
const BUCKET_ROW = 30e-6;

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
export type CountKind = "noneOfPeople" | "anyOfPeople" | "toAdd" | "toRemove" | "outOfPlace";

/** Seconds at 100,000 and at 1,000,000 assets. Between and beyond: a power of the size. */
type BySize = readonly [number, number];

/**
 * `POST /search/statistics`; the first is given as 0.14 to 0.21 s at 100,000. `outOfPlace`: in the
 * album, and with people or no longer in the timeline.
 */
const COUNTS: Record<CountKind, BySize> = {
  noneOfPeople: [0.175, 1.3],
  anyOfPeople: [0.28, 0.9],
  toAdd: [0.35, 1.2],
  toRemove: [0.6, 1.3],
  outOfPlace: [0.5, 2.8],
};

/** `POST /search/metadata` with a filter that nothing passes. */
const SPARSE_SEARCHES: Record<CountKind, BySize> = {
  noneOfPeople: [2.9, 5.3],
  toAdd: [2.9, 5.3],
  anyOfPeople: [3.4, 5.5],
  toRemove: [3.4, 5.5],
  outOfPlace: [3.4, 5.5],
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

/** `GET /people?withHidden=true&size=1000`, of 200 people; 0.6–0.7 s at 1,000,000 assets. */
const PEOPLE: BySize = [0.53, 0.65];

/** `GET /albums` with an album of 60,000 and of 598,000, by its members. */
const ALBUMS: BySize = [0.14, 0.7];

/** `GET /timeline/buckets` of an album of 60,000 and of 600,000, by its members. */
const BUCKETS: BySize = [0.1, 0.8];

/** Members of the album whose listing was measured, as against the smaller size of `BySize`. */
const MEASURED_MEMBERS = 60_000;

/** What `withExif` adds to each row of a page: one of 1,000 takes up to twice its 0.1 s. */
const EXIF_ROW = 100e-6;

/** `GET /faces?id=` and `GET /assets/{id}`. */
const ONE_ASSET = 0.011;

/** `GET /server/version`; all that was not measured is assumed to cost the same. */
const REQUEST = 0.01;

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

  /** `members`: of the album that it is of; 0 for a page of the library. */
  flatPage(
    { rows, skipped, members = 0 }: { rows: number; skipped: number; members?: number },
  ): number {
    const { page, row, skippedRow, member } = this.#pages;
    return page + rows * row + skipped * skippedRow + members * member;
  }

  /**
   * A page of a structured search. One that is dense costs its page, one that goes through the whole
   * library what was measured when it found nothing; between them the share of the library that it
   * had to go through decides. That an album is sorted as for a flat page is assumed.
   */
  structuredPage(
    { rows, skipped, looked, kind, members = 0 }: {
      rows: number;
      skipped: number;
      looked: number;
      kind: CountKind;
      members?: number;
    },
  ): number {
    const { skippedRow, member } = this.#pages;
    const inVain = Math.max(0, looked - skipped - DENSE_ROWS * (rows + 1));
    return DENSE_PAGE.page + rows * DENSE_PAGE.row + skipped * skippedRow + members * member +
      this.#bySize(SPARSE_SEARCHES[kind]) * inVain / this.size;
  }

  /** What `withExif` adds to a page. */
  exif(rows: number): number {
    return rows * EXIF_ROW;
  }

  oneAsset(): number {
    return ONE_ASSET;
  }

  count(kind: CountKind): number {
    return this.#bySize(COUNTS[kind]);
  }

  /** `POST /search/random` does not sort: as a count. */
  random(kind: CountKind, rows: number): number {
    return this.count(kind) + rows * DENSE_PAGE.row;
  }

  /** The months of an album. */
  buckets(members: number): number {
    return atLeastARequest(byCount(BUCKETS, members / MEASURED_MEMBERS));
  }

  /** One month of it, with so many assets in it. */
  bucket(rows: number): number {
    return this.#pages.bucket + rows * BUCKET_ROW;
  }

  albumWithAssets(rows: number): number {
    return REQUEST + rows * ALBUM_ROW;
  }

  /** Albums come with counts of their members. */
  albums(members: number): number {
    return atLeastARequest(byCount(ALBUMS, members / MEASURED_MEMBERS));
  }

  people(): number {
    return this.#bySize(PEOPLE);
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

  #bySize(seconds: BySize): number {
    return byCount(seconds, this.size / 100_000);
  }
}

/** Between and beyond the two counts that were measured; `times` the smaller one. */
function byCount([small, tenTimes]: BySize, times: number): number {
  return small * times ** Math.log10(tenTimes / small);
}

function atLeastARequest(seconds: number): number {
  return Math.max(REQUEST, seconds);
}

/** What tells that nothing has to be done: who there is, then a sample and a count at once. */
export function secondsOfIdleDelta(costs: ServerCosts): number {
  return costs.people() + Math.max(costs.random("noneOfPeople", 0), costs.count("outOfPlace"));
}
