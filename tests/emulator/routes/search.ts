import { type Answer, type Call, ok, type Route } from "../call.ts";
import { assetAnswer, type Json } from "../answers.ts";
import { notEmulated } from "../errors.ts";
import type { Asset } from "../model.ts";
import {
  cursorAt,
  findStructured,
  isStructured,
  readStructuredSearch,
  refuseFlatFields,
  withoutFlatFields,
} from "../search_filter.ts";
import {
  countOf,
  findFlat,
  pageOf,
  randomOf,
  readFlatSearch,
  type Viewer,
} from "../search_flat.ts";

/** `/search/…`. */
export const SEARCH_ROUTES: Route[] = [
  search("metadata", "asset.read", metadata),
  search("random", "asset.read", random),
  { method: "GET", path: "/api/search/suggestions", permission: "asset.read", answer: cameras },
  search("statistics", "asset.statistics", statistics),
];

function search(name: string, permission: string, answer: Route["answer"]): Route {
  return {
    method: "POST",
    path: `/api/search/${name}`,
    permission,
    answer: (call) => {
      const { flatFields } = call.version;
      if (flatFields === "refused") refuseFlatFields(call.body);
      return answer(
        flatFields === "ignored" ? { ...call, body: withoutFlatFields(call.body) } : call,
      );
    },
  };
}

function viewerOf({ world, user, version }: Call): Viewer {
  return { world, user, generation: version.generation };
}

function isStructuredCall(call: Call): boolean {
  return call.version.generation === "3.2" && isStructured(call.body);
}

function metadata(call: Call): Answer {
  const viewer = viewerOf(call);
  if (isStructuredCall(call)) {
    const search = readStructuredSearch(call.body);
    const found = findStructured(viewer, search);
    const page = pageOf(found, search.offset, search.size);
    const nextCursor = page.hasMore ? cursorAt(search.offset + search.size) : null;
    const next = { nextPage: null, nextCursor };
    return { ...ok(resultOf(call, page.items, search, next)), looked: found.looked };
  }
  const search = readFlatSearch(call.body, viewer.generation);
  const page = pageOf(findFlat(viewer, search), (search.page - 1) * search.size, search.size);
  const nextPage = page.hasMore ? String(search.page + 1) : null;
  // Older servers lack the key, which is how a client tells that `filter` was ignored.
  const next = viewer.generation === "3.2" ? { nextPage, nextCursor: null } : { nextPage };
  return ok(resultOf(call, page.items, search, next));
}

function resultOf(
  call: Call,
  assets: Asset[],
  { withPeople, withExif }: { withPeople: boolean; withExif: boolean },
  next: Json,
): Json {
  const { generation } = call.version;
  return {
    albums: { total: 0, count: 0, items: [], facets: [] },
    assets: {
      total: assets.length,
      count: assets.length,
      items: assets.map((asset) =>
        assetAnswer(asset, generation, withPeople && maySeePeople(call, asset), withExif)
      ),
      facets: [],
      ...next,
    },
  };
}

function random(call: Call): Answer {
  const viewer = viewerOf(call);
  const search = isStructuredCall(call)
    ? readStructuredSearch(call.body)
    : readFlatSearch(call.body, viewer.generation);
  const found = "filter" in search ? findStructured(viewer, search) : findFlat(viewer, search);
  const picked = randomOf(found, search.size, call.world.random);
  return ok(
    picked.map((asset) =>
      assetAnswer(asset, viewer.generation, search.withPeople && maySeePeople(call, asset))
    ),
  );
}

function maySeePeople({ version, user }: Call, { owner }: Asset): boolean {
  return version.partnersPeople || owner === user;
}

/** The cameras there are: other suggestions the emulator does not make. */
function cameras({ query, user }: Call): Answer {
  const type = query.get("type");
  if (type !== "camera-make" && type !== "camera-model") {
    throw notEmulated(`suggestions of ${type}`);
  }
  const found = new Set<string | null>();
  // Immich looks at the timeline only.
  for (const { camera, visibility, trashedAt } of user.library) {
    if (visibility !== "timeline" || trashedAt !== null) continue;
    found.add((type === "camera-make" ? camera?.make : camera?.model) ?? null);
  }
  const known = [...found].filter((name) => name !== null).sort();
  return ok([...known, ...query.get("includeNull") === "true" && found.has(null) ? [null] : []]);
}

function statistics(call: Call): Answer {
  const viewer = viewerOf(call);
  const found = isStructuredCall(call)
    ? findStructured(viewer, readStructuredSearch(call.body))
    : findFlat(viewer, readFlatSearch(call.body, viewer.generation));
  return ok({ total: countOf(found) });
}
