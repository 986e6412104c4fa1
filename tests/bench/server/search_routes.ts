import { type Answer, type Call, ok, type Route } from "../../emulator/call.ts";
import type { Generation } from "../../emulator/generation.ts";
import {
  cursorAt,
  type Filter,
  isStructured,
  readStructuredSearch,
  type StructuredSearch,
} from "../../emulator/search_filter.ts";
import { readFlatSearch } from "../../emulator/search_flat.ts";
import { AssetWriter } from "../library/asset_json.ts";
import type { LazyWorld } from "../library/lazy_world.ts";
import { selectFlat, type Selection, selectStructured } from "../library/selection.ts";
import { countOf, pageOf, walkInOrder } from "../library/walk.ts";
import type { CountKind, ServerCosts } from "../model/costs.ts";

const JSON_TYPE = "application/json; charset=utf-8";

/** The searches of a big library, each with what it would cost a real server. */
export function searchRoutes(
  world: LazyWorld,
  generation: Generation,
  costs: ServerCosts,
): Route[] {
  const write = createAssetWriter(world, generation);
  const isStructuredCall = ({ body }: Call) => generation === "3.2" && isStructured(body);
  const orderOf = (order: "asc" | "desc") => ({ order, shuffle: generation === "2.x" });

  const flat = ({ body }: Call): Answer => {
    const search = readFlatSearch(body, generation);
    const selection = selectFlat(world, generation, search) ?? NOTHING;
    const skipped = (search.page - 1) * search.size;
    const walk = walkInOrder(world, selection, orderOf(search.order));
    const page = pageOf(walk, selection, skipped, search.size);
    const seconds = costs.flatPage({ rows: page.indexes.length, skipped: page.skipped });
    const next = {
      nextPage: page.hasMore ? String(search.page + 1) : null,
      // Older servers lack the key, which is how a client tells that `filter` was ignored.
      ...(generation === "3.2" ? { nextCursor: null } : {}),
    };
    return pageAnswer(page.indexes.map(write(search.withPeople)), next, seconds);
  };

  const structured = ({ body }: Call): Answer => {
    const search = readStructuredSearch(body);
    const selection = selectStructured(world, search);
    const walk = walkInOrder(world, selection, orderOf(search.order));
    const { indexes, hasMore, skipped, walked } = pageOf(
      walk,
      selection,
      search.offset,
      search.size,
    );
    const seconds = costs.structuredPage({
      rows: indexes.length,
      skipped,
      walked,
      kind: kindOf(search.filter),
    });
    const nextCursor = hasMore ? cursorAt(search.offset + search.size) : null;
    const next = { nextPage: null, nextCursor };
    return pageAnswer(indexes.map(write(search.withPeople)), next, seconds);
  };

  const select = (call: Call): { selection: Selection; search: Partial<StructuredSearch> } => {
    if (isStructuredCall(call)) {
      const search = readStructuredSearch(call.body);
      return { selection: selectStructured(world, search), search };
    }
    const { size, withPeople, ...search } = readFlatSearch(call.body, generation);
    const selection = selectFlat(world, generation, { size, withPeople, ...search }) ?? NOTHING;
    return { selection, search: { size, withPeople } };
  };

  const statistics = (call: Call): Answer => {
    const { selection, search } = select(call);
    return { ...ok({ total: countOf(selection) }), seconds: costs.count(kindOf(search.filter)) };
  };

  const random = (call: Call): Answer => {
    const { selection, search } = select(call);
    const found: number[] = [];
    for (let index = selection.start; index < selection.end; index++) {
      if (selection.passes(index)) found.push(index);
    }
    const picked = found.map((index) => ({ index, place: world.random() }))
      .sort((a, b) => a.place - b.place).slice(0, search.size)
      .map(({ index }) => index);
    const texts = picked.map(write(search.withPeople ?? false));
    return jsonAnswer(`[${texts.join()}]`, costs.random(kindOf(search.filter), texts.length));
  };

  return [
    {
      method: "POST",
      path: "/api/search/metadata",
      permission: "asset.read",
      answer: (call) => isStructuredCall(call) ? structured(call) : flat(call),
    },
    {
      method: "POST",
      path: "/api/search/statistics",
      permission: "asset.statistics",
      answer: statistics,
    },
    { method: "POST", path: "/api/search/random", permission: "asset.read", answer: random },
  ];
}

const NOTHING: Selection = { start: 0, end: 0, passes: () => false };

function createAssetWriter(
  world: LazyWorld,
  generation: Generation,
): (withPeople: boolean) => (index: number) => string {
  const writers = {
    with: new AssetWriter(world, generation, true),
    without: new AssetWriter(world, generation, false),
  };
  return (withPeople) => {
    const writer = withPeople ? writers.with : writers.without;
    return (index) => writer.write(index);
  };
}

function pageAnswer(
  texts: string[],
  next: { nextPage: string | null; nextCursor?: string | null },
  seconds: number,
): Answer {
  const ends = `"facets":[],${JSON.stringify(next).slice(1)}`;
  const counts = `"total":${texts.length},"count":${texts.length}`;
  return jsonAnswer(
    `{"albums":{"total":0,"count":0,"items":[],"facets":[]},` +
      `"assets":{${counts},"items":[${texts.join()}],${ends}}`,
    seconds,
  );
}

function jsonAnswer(text: string, seconds: number): Answer {
  return { status: 200, body: new TextEncoder().encode(text), contentType: JSON_TYPE, seconds };
}

/** Which measured search one is most like. */
function kindOf(filter: Filter | undefined): CountKind {
  if (filter === undefined) return "toAdd";
  const uses = (field: string, operator: string): boolean =>
    [filter, ...filter.branches].some(({ operators }) =>
      operators.get(field)?.[operator] !== undefined
    );
  const inAlbum = uses("albumIds", "any") || uses("albumIds", "all");
  if (inAlbum && uses("hasPeople", "eq")) return "toRemove";
  if (uses("personIds", "none")) return "noneOfPeople";
  if (uses("personIds", "any")) return "anyOfPeople";
  return inAlbum ? "toRemove" : "toAdd";
}
