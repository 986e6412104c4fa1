import type { Answer, Call, Route } from "../../emulator/call.ts";
import { ROUTES } from "../../emulator/handle.ts";
import { isRecord } from "../../emulator/reading.ts";
import { type Filter, isStructured, readStructuredSearch } from "../../emulator/search_filter.ts";
import { readFlatSearch } from "../../emulator/search_flat.ts";
import type { CountKind, ServerCosts } from "../model/costs.ts";

/** The emulator's own routes, each with what its answer would cost a real server. */
export function pricedRoutes(costs: ServerCosts): Route[] {
  return ROUTES.map((route) => ({
    ...route,
    answer: (call) => {
      const answer = route.answer(call);
      const secondsOf = PRICES[`${route.method} ${route.path}`];
      return { ...answer, seconds: secondsOf?.({ call, answer, costs }) ?? costs.request() };
    },
  }));
}

interface Priced {
  readonly call: Call;
  readonly answer: Answer;
  readonly costs: ServerCosts;
}

/** What is not here costs what any request does. */
const PRICES: Readonly<Record<string, (priced: Priced) => number>> = {
  "POST /api/search/metadata": page,
  "POST /api/search/statistics": counted,
  "POST /api/search/random": ({ call, answer, costs }) =>
    costs.random(kindOf(filterOf(call)), lengthOf(answer.body)),
  "GET /api/timeline/buckets": ({ call, costs }) =>
    costs.buckets(membersOf(call, [call.query.get("albumId")])),
  "GET /api/timeline/bucket": ({ answer, costs }) => costs.bucket(lengthOf(answer.body, "id")),
  "GET /api/assets/:id": ({ costs }) => costs.oneAsset(),
  "GET /api/faces": ({ costs }) => costs.oneAsset(),
  "GET /api/people": ({ costs }) => costs.people(),
  "GET /api/albums": ({ call, costs }) =>
    costs.albums(membersOf(call, [...call.world.albums.keys()])),
  "GET /api/albums/:id": ({ call, costs }) => {
    const members = membersOf(call, [call.params["id"]]);
    const isWhole = call.version.generation === "2.x" &&
      call.query.get("withoutAssets") !== "true";
    return isWhole ? costs.albumWithAssets(members) : costs.albums(members);
  },
  "PUT /api/albums/:id/assets": changed,
  "DELETE /api/albums/:id/assets": changed,
};

function counted({ call, costs }: Priced): number {
  const filter = filterOf(call);
  // Was not measured. It goes through the same rows as the months of the album, and sorts nothing.
  return filter !== undefined && asksOnlyOfAlbum(filter)
    ? costs.buckets(membersOf(call, albumsOf(filter)))
    : costs.count(kindOf(filter));
}

/** Of assets in albums, without a look at their faces. */
function asksOnlyOfAlbum(filter: Filter): boolean {
  return albumsOf(filter).length > 0 && filter.branches.length === 0 &&
    !filter.operators.has("hasPeople") && !filter.operators.has("personIds");
}

function albumsOf({ operators }: Filter): unknown[] {
  const { any, all } = operators.get("albumIds") ?? {};
  return [any, all].flat().filter((id) => id !== undefined);
}

function changed({ call, costs }: Priced): number {
  return costs.change(lengthOf(call.body, "ids"));
}

function page(priced: Priced): number {
  const { call, answer, costs } = priced;
  const rows = lengthOf(answer.body, "assets", "items");
  const withExif = isRecord(call.body) && call.body["withExif"] === true;
  return plainPage(priced, rows) + (withExif ? costs.exif(rows) : 0);
}

function plainPage({ call, answer, costs }: Priced, rows: number): number {
  if (!isStructuredCall(call)) {
    const { albumIds, page, size } = readFlatSearch(call.body, call.version.generation);
    return costs.flatPage({ rows, skipped: (page - 1) * size, members: membersOf(call, albumIds) });
  }
  const { filter, offset } = readStructuredSearch(call.body);
  const members = membersOf(call, albumsOf(filter));
  return costs.structuredPage({
    ...{ rows, skipped: offset, members },
    looked: answer.looked ?? 0,
    kind: kindOf(filter),
  });
}

function isStructuredCall({ version, body }: Call): boolean {
  return version.generation === "3.2" && isStructured(body);
}

function filterOf(call: Call): Filter | undefined {
  return isStructuredCall(call) ? readStructuredSearch(call.body).filter : undefined;
}

/** Assets in these albums together. */
function membersOf({ world }: Call, ids: readonly unknown[]): number {
  let members = 0;
  for (const id of ids) members += world.albums.get(String(id))?.assets.size ?? 0;
  return members;
}

/** The length of the array under these keys. */
function lengthOf(value: unknown, ...keys: readonly string[]): number {
  const [key, ...rest] = keys;
  if (key !== undefined) return isRecord(value) ? lengthOf(value[key], ...rest) : 0;
  return Array.isArray(value) ? value.length : 0;
}

/** Which measured search one is most like. */
function kindOf(filter: Filter | undefined): CountKind {
  if (filter === undefined) return "toAdd";
  const uses = (field: string, operator: string): boolean =>
    [filter, ...filter.branches].some(({ operators }) =>
      operators.get(field)?.[operator] !== undefined
    );
  const inAlbum = uses("albumIds", "any") || uses("albumIds", "all");
  if (inAlbum && filter.branches.length > 0) return "outOfPlace";
  if (inAlbum && uses("hasPeople", "eq")) return "toRemove";
  if (uses("personIds", "none")) return "noneOfPeople";
  if (uses("personIds", "any")) return "anyOfPeople";
  return inAlbum ? "toRemove" : "toAdd";
}
