import { requireAlbum } from "../../emulator/access.ts";
import { personAnswer } from "../../emulator/answers.ts";
import { type Answer, type Call, idOf, ok, queryFields, type Route } from "../../emulator/call.ts";
import { notEmulated } from "../../emulator/errors.ts";
import { integer, queryBoolean, string } from "../../emulator/fields.ts";
import type { Generation } from "../../emulator/generation.ts";
import { ROUTES } from "../../emulator/handle.ts";
import { listPeople } from "../../emulator/people.ts";
import { FieldReading, isRecord } from "../../emulator/reading.ts";
import { SERVER_ROUTES } from "../../emulator/routes/server_info.ts";
import {
  columns,
  readTimelineQuery,
  refuseTimelineQuery,
  type TimelineQuery,
} from "../../emulator/routes/timeline.ts";
import { dayOf, parseMicros } from "../../emulator/time.ts";
import type { LazyWorld } from "../library/lazy_world.ts";
import { at, FAVOURITE, HIDDEN, SLOTS, TRASHED } from "../library/library.ts";
import { all, showsAny, type Test } from "../library/selection.ts";
import type { ServerCosts } from "../model/costs.ts";
import { searchRoutes } from "./search_routes.ts";

/** The routes of a big library: quick ones where the emulator's own would go through all assets. */
export function bigLibraryRoutes(
  world: LazyWorld,
  generation: Generation,
  costs: ServerCosts,
): Route[] {
  return [
    ...searchRoutes(world, generation, costs),
    ...timelineRoutes(world, costs),
    ...albumRoutes(world, generation, costs),
    { method: "GET", path: "/api/people", permission: "person.read", answer: people(world, costs) },
    ...SERVER_ROUTES.map((route) => priced(route, () => costs.request())),
    ...ROUTES.map((route) => ({
      ...route,
      answer: () => {
        throw notEmulated(`${route.method} ${route.path} of a big library`);
      },
    })),
  ];
}

/** The emulator's own route, with what it would cost a real server. */
function priced(route: Route, secondsOf: (call: Call, answer: Answer) => number): Route {
  return {
    ...route,
    answer: (call) => {
      const answer = route.answer(call);
      return { ...answer, seconds: secondsOf(call, answer) };
    },
  };
}

function albumRoutes(world: LazyWorld, generation: Generation, costs: ServerCosts): Route[] {
  const own = (method: string, path: string, secondsOf: (call: Call) => number): Route => {
    const route = ROUTES.find((route) => route.method === method && route.path === path);
    if (route === undefined) throw new Error(`the emulator has no ${method} ${path}`);
    return priced(route, secondsOf);
  };
  const sizeOf = (call: Call) => world.albums.get(idOf(call))?.assets.size ?? 0;
  const changed = ({ body }: Call) => {
    const ids = isRecord(body) ? body["ids"] : undefined;
    return costs.change(Array.isArray(ids) ? ids.length : 0);
  };
  const counted = () =>
    costs.counted(world.albums.values().reduce((sum, { assets }) => sum + assets.size, 0));
  return [
    own("PUT", "/api/albums/:id/assets", changed),
    own("DELETE", "/api/albums/:id/assets", changed),
    own("GET", "/api/albums", counted),
    own("POST", "/api/albums", () => costs.request()),
    own("DELETE", "/api/albums/:id", () => costs.request()),
    own("GET", "/api/albums/:id", (call) => {
      const isWhole = generation === "2.x" && call.query.get("withoutAssets") !== "true";
      return isWhole ? costs.albumWithAssets(sizeOf(call)) : costs.counted(sizeOf(call));
    }),
  ];
}

function people(world: LazyWorld, costs: ServerCosts): (call: Call) => Answer {
  const { library } = world;
  return (call) => {
    const reading = new FieldReading(queryFields(call));
    const withHidden = reading.optional("withHidden", queryBoolean) ?? false;
    const page = reading.optional("page", integer(1, null, true)) ?? 1;
    const size = reading.optional("size", integer(1, 1000, true)) ?? 500;
    reading.done();
    const faces = new Uint32Array(256);
    let total = 0;
    for (let index = 0; index < library.size; index++) {
      if (library.has(index, HIDDEN | TRASHED)) continue;
      for (let slot = index * SLOTS; slot < (index + 1) * SLOTS; slot++) {
        const number = at(library.people, slot);
        if (number === 0) break;
        faces[number] = at(faces, number) + 1;
        total++;
      }
    }
    const countOf = ({ id }: { id: string }) => at(faces, world.numberOf(id));
    const { people, ...rest } = listPeople(call.user, { withHidden, page, size }, countOf);
    const answers = people.map((person) => personAnswer(person));
    return { ...ok({ people: answers, ...rest }), seconds: costs.counted(total) };
  };
}

function timelineRoutes(world: LazyWorld, costs: ServerCosts): Route[] {
  const { library } = world;
  const buckets = (call: Call): Answer => {
    const reading = new FieldReading(queryFields(call));
    const query = readTimelineQuery(reading);
    reading.done();
    const isShown = testOf(world, query);
    const months: { timeBucket: string; count: number }[] = [];
    for (let end = library.size; end > 0;) {
      const { timeBucket, start } = monthAt(world, end - 1);
      let count = 0;
      for (let index = start; index < end; index++) if (isShown(index)) count++;
      if (count > 0) months.push({ timeBucket, count });
      end = start;
    }
    return {
      ...ok(query.order === "asc" ? months.reverse() : months),
      seconds: costs.buckets(),
    };
  };
  const bucket = (call: Call): Answer => {
    const reading = new FieldReading(queryFields(call));
    const given = reading.required("timeBucket", string, "");
    const query = readTimelineQuery(reading);
    reading.done();
    const isShown = testOf(world, query);
    const timeBucket = dayOf(parseMicros(given)).slice(0, 10);
    const shown: number[] = [];
    for (
      let index = library.firstFrom(parseMicros(timeBucket));
      index < library.size && monthAt(world, index).timeBucket === timeBucket;
      index++
    ) {
      if (isShown(index)) shown.push(index);
    }
    if (query.order === "desc") shown.reverse();
    const assets = shown.map((index) => world.assetAt(index));
    const body = columns(assets, call.version.generation !== "2.x", query.withStacked);
    return { ...ok(body), seconds: costs.bucket(assets.length) };
  };
  const route = { method: "GET", permission: "asset.read" };
  return [
    { ...route, path: "/api/timeline/buckets", answer: buckets },
    { ...route, path: "/api/timeline/bucket", answer: bucket },
  ];
}

/** The month of an asset and where it starts in the library. */
function monthAt({ library }: LazyWorld, index: number): { timeBucket: string; start: number } {
  const timeBucket = `${dayOf(at(library.takenAt, index)).slice(0, 7)}-01`;
  return { timeBucket, start: library.firstFrom(parseMicros(timeBucket)) };
}

/** As the emulator's own `isShown`, on the columns. */
function testOf(world: LazyWorld, query: TimelineQuery): Test {
  refuseTimelineQuery(query);
  const { library } = world;
  const { visibility, isTrashed, isFavorite, albumId, personId } = query;
  const tests: Test[] = [
    visibility === undefined
      ? (index) => !library.has(index, HIDDEN)
      : (index) => library.visibilityAt(index) === visibility,
    (index) => library.has(index, TRASHED) === isTrashed,
  ];
  if (isFavorite !== undefined) {
    tests.push((index) => library.has(index, FAVOURITE) === isFavorite);
  }
  if (albumId !== undefined) {
    requireAlbum(world, world.owner, albumId, "album.read");
    const members = world.albums.get(albumId)?.assets;
    tests.push((index) => members?.hasIndex(index) ?? false);
  }
  if (personId !== undefined) tests.push(showsAny(world, [personId]));
  return all(tests);
}
