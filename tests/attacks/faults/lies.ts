import type { LoggedRequest } from "../../emulator/mod.ts";
import { isRecord } from "../../emulator/reading.ts";
import { type Change, type Item, lie, recordOf } from "./lie.ts";
import { MONTH_LIES } from "./month_lies.ts";
import { type Blow, isAlbumList, isChange, isCount, isSample, isSearch } from "./blow.ts";

/** Where there are filters, cursors and counts. */
const FLAT = ["2.7.5", "3.1.0"];
const STRUCTURED = ["3.2.0"];

/** Every answer is well-formed JSON of the right shape, or nearly, and not what was asked for. */
export const LIES: readonly Blow[] = [
  {
    ...lie("an empty listing", isSearch, onList(() => ({ items: [], nextPage: null }))),
    onPages: true,
  },
  {
    ...lie(
      "an empty page with more to follow",
      isSearch,
      onList(() => ({ items: [], nextPage: "2" })),
    ),
    onPages: true,
  },
  {
    ...lie("a listing that ends in the middle", isSearch, onItems((items) => items.slice(0, 2))),
    onPages: true,
  },
  {
    ...lie("a listing in the wrong order", isSearch, onItems((items) => [...items].reverse())),
    onPages: true,
  },
  {
    ...lie("every asset twice in a listing", isSearch, onItems((items) => [...items, ...items])),
    onPages: true,
  },
  wrong("every asset twice in a row", onItems((items) => items.flatMap((it) => [it, it]))),
  wrong(
    "every asset bare, and again with somebody on it",
    onItems((items) =>
      items.flatMap((it) => [{ ...it, people: [] }, {
        ...it,
        people: [{ id: "d0000000-0000-4000-8000-000000000001", name: "Dora" }],
      }])
    ),
  ),
  wrong("assets without people", onEach(({ people: _, ...rest }) => rest)),
  wrong("people null", onEach((asset) => ({ ...asset, people: null }))),
  wrong("people that are not a list", onEach((asset) => ({ ...asset, people: {} }))),
  wrong("people of the last asset missing", onLast(({ people: _, ...rest }) => rest)),
  wrong("ids that are no UUIDs", onEach((asset) => ({ ...asset, id: "../../../users/me" }))),
  wrong("an id that is a number", onLast((asset) => ({ ...asset, id: 42 }))),
  wrong("an owner that is no UUID", onLast((asset) => ({ ...asset, ownerId: "" }))),
  wrong("a visibility nobody knows", onLast((asset) => ({ ...asset, visibility: "secret" }))),
  wrong("a time that is none", onLast((asset) => ({ ...asset, fileCreatedAt: "yesterday" }))),
  wrong("trash in a listing", onLast((asset) => ({ ...asset, isTrashed: true }))),
  {
    ...wrong("the id of the album no UUID", onAlbum((album) => ({ ...album, id: "../../x" }))),
    hits: isAlbumAnswer,
  },
  {
    ...wrong(
      "the owner of the album missing",
      onAlbum(({ ownerId: _o, albumUsers: _u, ...a }) => a),
    ),
    hits: isAlbumAnswer,
  },
  { ...samePage("the same page forever, by number", "nextPage"), onPages: true },
  { ...samePage("the same page forever, by cursor", "nextCursor"), versions: STRUCTURED },
  // Where it lasts nobody can tell it from the truth.
  { ...lie("an empty sample", isSample, () => []), versions: STRUCTURED },
  { ...lie("no albums where there are some", isAlbumList, () => []), lengths: ["once"] },
  lie("an album that counts no assets", isAlbumAnswer, onAlbum((it) => ({ ...it, assetCount: 0 }))),
  lie(
    "an album that counts a million",
    isAlbumAnswer,
    onAlbum((it) => ({ ...it, assetCount: 1e6 })),
  ),
  ...[
    lie("counts of nothing", isCount, () => ({ total: 0 })),
    lie("counts of a million", isCount, () => ({ total: 1e6 })),
    lie("counts of less than nothing", isCount, () => ({ total: -1 })),
    lie("counts in words", isCount, () => ({ total: "some" })),
  ].map((blow) => ({ ...blow, versions: STRUCTURED })),
  lie(
    "nobody among the people",
    ({ path }) => path === "/api/people",
    (body) => "people" in recordOf(body) ? { people: [] } : body,
  ),
  harmless("a timeline of another time", onBuckets("1812-02-07", 1)),
  harmless("a timeline of millions in one month", onBuckets("2020-01-01", 5_000_000)),
  ...[onBuckets("1812-02-07", 1), onBuckets("2020-01-01", 5_000_000)].map((change, index) =>
    lie(
      `months of an album that ${["are others", "are too large"][index]}`,
      (request) => isBuckets(request) && request.query.has("albumId"),
      change,
    )
  ),
  ...MONTH_LIES,
  lie("a timeline of no time", isBuckets, () => [{ timeBucket: "soon", count: 5_000_000 }]),
  lie(
    "a timeline of more than can be counted",
    isBuckets,
    () => ["2020-01-01", "2020-02-01"].map((timeBucket) => ({ timeBucket, count: 1e308 })),
  ),
  lie(
    "a timeline of less than nothing",
    isBuckets,
    () => [{ timeBucket: "2020-01-01", count: -9000 }],
  ),
  lie("an empty timeline", isBuckets, () => []),
  lie("no result for any id", isChange, (body) => Array.isArray(body) ? [] : body),
  lie(
    "results for other ids",
    isChange,
    (body) =>
      Array.isArray(body) ? body.map(() => ({ id: crypto.randomUUID(), success: true })) : body,
  ),
  lie(
    "every id refused",
    isChange,
    (body) =>
      Array.isArray(body)
        ? body.map(({ id }) => ({ id, success: false, error: "no_permission" }))
        : body,
  ),
  { ...ignores("filter", "filter", "orderBy", "cursor"), versions: STRUCTURED },
  {
    ...without(
      "the query string dropped",
      ({ query }) => [...query.keys()].forEach((name) => query.delete(name)),
      ({ query }) => query.size > 0,
    ),
    // A bucket of the timeline can't be asked for then.
    errors: ["AnswerError", "RejectedError"],
  },
  {
    ...ignores("withPeople", "withPeople"),
    hits: ({ path, body }) => path.startsWith("/api/search/") && "withPeople" in recordOf(body),
  },
  { ...ignores("albumIds", "albumIds"), versions: FLAT },
  { ...ignores("visibility", "visibility"), versions: FLAT },
  { ...ignores("takenBefore", "takenBefore"), onPages: true, versions: FLAT },
  { ...ignores("page", "page"), onPages: true, versions: FLAT },
  { ...ignores("size", "size"), onPages: true },
  { ...ignores("order", "order"), onPages: true, versions: FLAT },
  { ...ignores("orderBy", "orderBy"), onPages: true, versions: STRUCTURED },
  { ...inFilter("takenAt"), onPages: true },
  ...["albumIds", "visibility", "type", "trashedAt", "hasPeople", "personIds", "or"].map(inFilter),
];

/** What can't be taken for an answer of Immich. */
function wrong(name: string, change: Change): Blow {
  return { ...lie(name, isSearch, change), errors: ["AnswerError"] };
}

/** The page says that another follows, whatever is asked for, and it is always this one. */
function samePage(name: string, next: "nextPage" | "nextCursor"): Blow {
  return {
    ...lie(name, isSearch, (body) => body),
    lengths: ["lasting"],
    rules: () => [
      {
        fault: {
          kind: "before",
          run: (_, request) => drop(request, "takenBefore", "page", "cursor"),
        },
      },
      { fault: { kind: "mutate", change: onList((list) => ({ ...list, [next]: "2" })) } },
    ],
  };
}

/** A server, or a proxy in front of it, that drops parts of a search. */
function ignores(what: string, ...names: string[]): Blow {
  return without(
    `a server that ignores ${what}`,
    (request) => drop(request, ...names),
    (request) => isSearch(request) && names.some((name) => name in recordOf(request.body)),
  );
}

function drop(request: LoggedRequest, ...names: string[]): void {
  const fields = Object.entries(recordOf(request.body)).filter(([name]) => !names.includes(name));
  request.body = Object.fromEntries(fields);
}

function inFilter(name: string): Blow {
  const filterOf = ({ body }: LoggedRequest) => recordOf(recordOf(body)["filter"]);
  const change = (request: LoggedRequest) => {
    const { [name]: _, ...filter } = filterOf(request);
    request.body = { ...recordOf(request.body), filter };
  };
  const blow = without(
    `a server that ignores filter.${name}`,
    change,
    (request) => name in filterOf(request),
  );
  return { ...blow, versions: STRUCTURED };
}

function without(
  name: string,
  drop: (request: LoggedRequest) => void,
  hits: (request: LoggedRequest) => boolean,
): Blow {
  return {
    ...lie(name, hits, (body) => body),
    rules: () => [{ fault: { kind: "before", run: (_, request) => drop(request) } }],
  };
}

function isAlbumAnswer({ method, path }: LoggedRequest): boolean {
  return path.startsWith("/api/albums") && (method === "GET" || path === "/api/albums");
}

/** Changes the list inside a search's answer; errors of the server stay as they are. */
function onList(change: (list: Item) => Item): Change {
  return (body) => {
    const { assets, ...rest } = recordOf(body);
    return isRecord(assets) ? { ...rest, assets: { ...assets, ...change(assets) } } : body;
  };
}

function onItems(change: (items: Item[]) => Item[]): Change {
  return onList((list) => {
    const items = Array.isArray(list["items"]) ? list["items"].filter(isRecord) : [];
    return { items: change(items) };
  });
}

function onEach(change: (item: Item) => Item): Change {
  return onItems((items) => items.map(change));
}

function onLast(change: (item: Item) => Item): Change {
  return onItems((items) =>
    items.map((item, index) => index === items.length - 1 ? change(item) : item)
  );
}

function onAlbum(change: (album: Item) => Item): Change {
  return (body) => {
    if (Array.isArray(body)) return body.filter(isRecord).map(change);
    return isRecord(body) && "albumName" in body ? change(body) : body;
  };
}

function isBuckets({ path }: LoggedRequest): boolean {
  return path === "/api/timeline/buckets";
}

/** Counts of the library's months only help to divide the work; those of the album say where to look. */
function harmless(name: string, change: Change): Blow {
  const hits = (request: LoggedRequest) => isBuckets(request) && !request.query.has("albumId");
  return { ...lie(name, hits, change), effect: "harmless", errors: [], losesAnswers: false };
}

/** Immich asks for a month by the name it gave, so that the months there are must stay. */
function onBuckets(timeBucket: string, count: number): Change {
  return (body) => Array.isArray(body) ? [...body, { timeBucket, count }] : body;
}
