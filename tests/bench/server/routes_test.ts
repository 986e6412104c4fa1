import assert from "node:assert/strict";
import fc from "fast-check";
import type { Answer, Route } from "../../emulator/call.ts";
import { ApiError } from "../../emulator/errors.ts";
import { parseVersion } from "../../emulator/generation.ts";
import { handle } from "../../emulator/handle.ts";
import { objectsIn } from "../../emulator/recordings.ts";
import type { LoggedRequest } from "../../emulator/request_log.ts";
import { millisOf } from "../../emulator/time.ts";
import type { World } from "../../emulator/world.ts";
import { LazyWorld } from "../library/lazy_world.ts";
import { at } from "../library/library.ts";
import { makeTwin } from "../library/twin.ts";
import { type ModelVersion, ServerCosts } from "../model/costs.ts";
import { bigLibraryRoutes } from "./routes.ts";

const OPTIONS = { size: 700, people: 30, strangers: 3, loneStrangers: true };

/** A lazy world with two albums, its routes, and the same world with an object for each asset. */
function makeBoth(version: ModelVersion) {
  const lazy = new LazyWorld(OPTIONS);
  const key = lazy.addKey({ user: lazy.owner, permissions: ["all"] });
  const some = Array.from({ length: 200 }, (_, n) => lazy.assetAt(n * 3 % OPTIONS.size));
  const albums = [
    lazy.addAlbum({ owner: lazy.owner, name: "Faceless", assets: some }),
    lazy.addAlbum({ owner: lazy.owner, name: "Empty" }),
  ];
  const { generation } = parseVersion(version);
  const routes = bigLibraryRoutes(lazy, generation, new ServerCosts(version, OPTIONS.size));
  const twin = makeTwin(lazy);
  const ask = (request: Asked) => {
    const logged = { ...request, apiKey: key };
    return [
      answerOf(lazy, version, logged, routes),
      answerOf(twin, version, logged),
    ] as const;
  };
  return { lazy, twin, albums, ask };
}

interface Asked {
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: unknown;
}

/** Status and body as they would be sent. */
function answerOf(
  world: World,
  version: ModelVersion,
  { method, path, query = {}, body, apiKey }: Asked & { apiKey: string },
  routes?: readonly Route[],
): { status: number; body: unknown; seconds: number | undefined } {
  const request: LoggedRequest = {
    ...{ method, path, body, apiKey },
    query: new URLSearchParams(query),
    headers: { "content-type": "application/json" },
    status: null,
  };
  try {
    const answer = handle(world, parseVersion(version), request, routes);
    return { status: answer.status, body: parsed(answer), seconds: answer.seconds };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: error.toBody("3.2", ""), seconds: undefined };
  }
}

function parsed({ body }: Answer): unknown {
  return JSON.parse(
    body instanceof Uint8Array ? new TextDecoder().decode(body) : JSON.stringify(body),
  );
}

/** Compares; on 2.x the order of equal times is chance, so there only times must be in order. */
function assertSame(
  version: ModelVersion,
  asked: Asked,
  [lazy, twin]: ReturnType<ReturnType<typeof makeBoth>["ask"]>,
) {
  const what = `${version} ${JSON.stringify(asked)}`;
  assert.equal(lazy.status, twin.status, `${what}: ${JSON.stringify(lazy.body).slice(0, 300)}`);
  if (version !== "2.7.5" || asked.path !== "/api/search/metadata") {
    assert.deepEqual(lazy.body, twin.body, what);
    return;
  }
  const times = (body: unknown) => itemsOf(body).map(({ fileCreatedAt }) => fileCreatedAt);
  assert.deepEqual(times(lazy.body), times(twin.body), what);
  const twins = new Map(itemsOf(twin.body).map((item) => [item["id"], item]));
  for (const item of itemsOf(lazy.body)) {
    // Of a run of ties that goes over the end of the page, another one may be on it.
    assert.deepEqual(item, twins.get(item["id"]) ?? item, what);
  }
}

function itemsOf(body: unknown): Record<string, unknown>[] {
  return [...objectsIn(body)].filter((object) => "fileCreatedAt" in object);
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const without = <T extends object>(record: T) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** Times at and beside those of assets, of which some are ties. */
function times(lazy: LazyWorld): fc.Arbitrary<string> {
  return fc.tuple(fc.nat(OPTIONS.size - 1), fc.integer({ min: -1, max: 1 }))
    .map(([index, off]) => millisOf(at(lazy.library.takenAt, index) + off * 1000));
}

function flatSearches({ lazy, albums }: ReturnType<typeof makeBoth>): fc.Arbitrary<object> {
  const ids = albums.map(({ id }) => id);
  return fc.record({
    visibility: maybe(fc.constantFrom("timeline", "archive", "hidden")),
    type: maybe(fc.constantFrom("IMAGE", "VIDEO")),
    isFavorite: maybe(fc.boolean()),
    isNotInAlbum: maybe(fc.boolean()),
    withDeleted: maybe(fc.boolean()),
    withPeople: maybe(fc.boolean()),
    albumIds: maybe(fc.subarray(ids)),
    personIds: maybe(fc.subarray(lazy.personOf.map(({ id }) => id), { maxLength: 2 })),
    takenBefore: maybe(times(lazy)),
    takenAfter: maybe(times(lazy)),
    createdBefore: maybe(times(lazy)),
    order: maybe(fc.constantFrom("asc", "desc")),
    size: maybe(fc.integer({ min: 1, max: 300 })),
    page: maybe(fc.integer({ min: 1, max: 4 })),
  }).map(without);
}

function filters({ lazy, albums }: ReturnType<typeof makeBoth>): fc.Arbitrary<object> {
  const albumIds = albums.map(({ id }) => id);
  const people = lazy.personOf.map(({ id }) => id);
  const list = (ids: string[]) =>
    fc.tuple(fc.constantFrom("any", "all", "none"), fc.subarray(ids, { minLength: 1 }))
      .map(([operator, ids]) => ({ [operator]: ids }));
  const time = fc.tuple(fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte"), times(lazy))
    .map(([operator, time]) => ({ [operator]: time }));
  const one = {
    albumIds: maybe(list(albumIds)),
    personIds: maybe(list(people)),
    hasPeople: maybe(fc.record({ eq: fc.boolean() })),
    hasAlbums: maybe(fc.record({ eq: fc.boolean() })),
    isFavorite: maybe(fc.record({ eq: fc.boolean() })),
    takenAt: maybe(time),
    createdAt: maybe(time),
    trashedAt: maybe(fc.constantFrom({ eq: null }, { ne: null })),
    type: maybe(fc.constantFrom({ eq: "VIDEO" }, { ne: "VIDEO" }, { in: ["IMAGE", "VIDEO"] })),
    visibility: maybe(
      fc.constantFrom({ eq: "timeline" }, { ne: "timeline" }, { notIn: ["hidden"] }),
    ),
  };
  const branch = fc.record(one).map(without);
  return fc.record({ ...one, or: maybe(fc.array(branch, { minLength: 1, maxLength: 2 })) })
    .map(without);
}

for (const version of ["2.7.5", "3.1.0", "3.2.0"] as const) {
  Deno.test(`a lazy library of ${version} has ties and every kind of asset to ask for`, () => {
    const { lazy, ask } = makeBoth(version);
    const { takenAt } = lazy.library;
    const ties = takenAt.filter((time, index) => time === takenAt[index + 1]).length;
    assert(ties > 10, `${ties} ties`);
    assert(
      lazy.personOf.some(({ hidden }) => hidden) && lazy.personOf.some(({ name }) => name === ""),
    );
    for (const visibility of ["timeline", "archive", "hidden"]) {
      for (const type of ["IMAGE", "VIDEO"]) {
        const body = { visibility, type, withPeople: true };
        const [{ body: found }] = ask({ method: "POST", path: "/api/search/metadata", body });
        assert(
          itemsOf(found).length > 0 || (visibility !== "timeline" && type === "VIDEO"),
          visibility,
        );
      }
    }
  });

  Deno.test(`a lazy library of ${version} answers flat searches as the emulator does`, () => {
    const both = makeBoth(version);
    fc.assert(
      fc.property(flatSearches(both), fc.constantFrom("metadata", "statistics"), (body, route) => {
        const asked = { method: "POST", path: `/api/search/${route}`, body };
        assertSame(version, asked, both.ask(asked));
      }),
      { numRuns: 150 },
    );
  });

  Deno.test(`a lazy library of ${version} has the albums, people and timeline of the emulator`, () => {
    const both = makeBoth(version);
    const [album, empty] = both.albums.map(({ id }) => id);
    const timeline = { method: "GET", path: "/api/timeline/buckets" };
    const asks: Asked[] = [
      { method: "GET", path: "/api/albums" },
      { method: "GET", path: `/api/albums/${album}` },
      { method: "GET", path: `/api/albums/${album}`, query: { withoutAssets: "true" } },
      { method: "GET", path: `/api/albums/${empty}` },
      { method: "GET", path: "/api/people", query: { withHidden: "true", size: "20" } },
      { method: "GET", path: "/api/people", query: { withHidden: "false", page: "2", size: "7" } },
      timeline,
      { ...timeline, query: { visibility: "timeline", order: "asc" } },
      { ...timeline, query: { isTrashed: "true" } },
      { ...timeline, query: { visibility: "locked" } },
      { ...timeline, query: { albumId: album ?? "" } },
      { ...timeline, query: { personId: both.lazy.personOf[0]?.id ?? "" } },
      { method: "GET", path: "/api/timeline/bucket", query: { timeBucket: "2015-03-01" } },
      { method: "GET", path: "/api/users/me" },
      { method: "GET", path: "/api/server/version" },
    ];
    for (const asked of asks) assertSame(version, asked, both.ask(asked));
  });

  Deno.test(`a lazy library of ${version} lets albums be changed as the emulator does`, () => {
    const both = makeBoth(version);
    const { lazy, twin, albums } = both;
    const [album] = albums.map(({ id }) => id);
    const ids = [...Array(40).keys()].map((index) => lazy.library.idAt(index));
    const body = { ids: [...ids, ids[0], "00000000-0000-4000-8000-000000000000"] };
    for (const method of ["PUT", "PUT", "DELETE"]) {
      const asked = { method, path: `/api/albums/${album}/assets`, body };
      assertSame(version, asked, both.ask(asked));
      const members = (world: World) =>
        [...world.albums.get(album ?? "")?.assets ?? []].map(({ id }) => id).sort();
      assert.deepEqual(members(lazy), members(twin));
      assert.equal(lazy.albums.get(album ?? "")?.assets.size, members(twin).length);
    }
  });
}

Deno.test("a lazy library of 3.2.0 answers structured searches and counts as the emulator does", () => {
  const both = makeBoth("3.2.0");
  const searches = fc.record({
    filter: filters(both),
    withPeople: fc.boolean(),
    orderBy: fc.constantFrom({ direction: "asc" }, { direction: "desc" }),
    size: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(searches, fc.constantFrom("metadata", "statistics"), (body, route) => {
      const asked = { method: "POST", path: `/api/search/${route}`, body };
      assertSame("3.2.0", asked, both.ask(asked));
    }),
    { numRuns: 300 },
  );
});

Deno.test("what a big library does not know is refused with 501, never answered wrongly", () => {
  const { ask } = makeBoth("3.1.0");
  const [lazy] = ask({ method: "POST", path: "/api/faces", body: {} });
  assert.equal(lazy.status, 501);
});
