import { ownersInSearch, requireAlbum } from "../access.ts";
import type { Json } from "../answers.ts";
import { type CaptureWindow, walkMerged } from "../capture_order.ts";
import { type Answer, type Call, ok, queryFields, type Route } from "../call.ts";
import { ApiError, notEmulated } from "../errors.ts";
import { oneOf, queryBoolean, string, uuid } from "../fields.ts";
import type { Asset, Visibility } from "../model.ts";
import { shows } from "../people.ts";
import { FieldReading } from "../reading.ts";
import { bucketTimeOf, dayOf, type Micros, parseMicros } from "../time.ts";

/** `/timeline/…`: own assets by month, in columns. */
export const TIMELINE_ROUTES: Route[] = [
  { method: "GET", path: "/api/timeline/buckets", permission: "asset.read", answer: buckets },
  { method: "GET", path: "/api/timeline/bucket", permission: "asset.read", answer: bucket },
];

const ALWAYS = { from: -Infinity, to: Infinity };

/** The parameters of both routes, as read. */
interface TimelineQuery {
  visibility: Visibility | undefined;
  isTrashed: boolean;
  isFavorite: boolean | undefined;
  withPartners: boolean;
  withStacked: boolean;
  albumId: string | undefined;
  userId: string | undefined;
  personId: string | undefined;
  order: "asc" | "desc";
}

function readTimelineQuery(reading: FieldReading): TimelineQuery {
  return {
    visibility: reading.optional(
      "visibility",
      oneOf<Visibility>("archive", "timeline", "hidden", "locked"),
    ),
    isTrashed: reading.optional("isTrashed", queryBoolean) ?? false,
    isFavorite: reading.optional("isFavorite", queryBoolean),
    withPartners: reading.optional("withPartners", queryBoolean) ?? false,
    withStacked: reading.optional("withStacked", queryBoolean) ?? false,
    albumId: reading.optional("albumId", uuid),
    userId: reading.optional("userId", uuid),
    personId: reading.optional("personId", uuid),
    order: reading.optional("order", oneOf<"asc" | "desc">("asc", "desc")) ?? "desc",
  };
}

function buckets(call: Call): Answer {
  const reading = new FieldReading(queryFields(call));
  const query = readTimelineQuery(reading);
  reading.done();
  const months: { timeBucket: string; count: number }[] = [];
  let month: CaptureWindow = { from: Infinity, to: -Infinity };
  // In capture order, so that the assets of a month come one after the other.
  for (const { takenAt } of find(call, query, ALWAYS)) {
    if (takenAt < month.from || takenAt > month.to) {
      month = monthOf(takenAt);
      months.push({ timeBucket: dayOf(month.from).slice(0, 10), count: 0 });
    }
    const last = months.at(-1);
    if (last !== undefined) last.count++;
  }
  return ok(months);
}

function bucket(call: Call): Answer {
  const reading = new FieldReading(queryFields(call));
  const timeBucket = reading.required("timeBucket", string, "");
  const query = readTimelineQuery(reading);
  reading.done();
  if (Number.isNaN(Date.parse(timeBucket))) throw new ApiError(500, "Failed to get time bucket");
  const day = parseMicros(timeBucket);
  const month = monthOf(day);
  const assets = dayOf(month.from) === dayOf(day) ? find(call, query, month) : [];
  return ok(columns(assets, call.version.generation !== "2.x", query.withStacked));
}

/** From the first to the last microsecond of the month. */
function monthOf(time: Micros): CaptureWindow {
  const day = new Date(time / 1000);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return { from: Date.UTC(year, month) * 1000, to: Date.UTC(year, month + 1) * 1000 - 1 };
}

/** @throws ApiError for what the server does not answer */
function refuseTimelineQuery(query: TimelineQuery): void {
  if (query.visibility === "locked") throw new ApiError(401, "Elevated permission is required");
  if (query.withPartners && (query.visibility !== "timeline" || query.isTrashed)) {
    throw new ApiError(
      400,
      "withPartners is only supported for non-archived, non-trashed, non-favorited assets",
    );
  }
}

function find(call: Call, query: TimelineQuery, window: CaptureWindow): Asset[] {
  const { world, user } = call;
  refuseTimelineQuery(query);
  if (query.userId !== undefined && query.userId !== user.id) {
    throw notEmulated("the timeline of another user");
  }
  const owners = query.withPartners ? ownersInSearch(world, user) : [user];
  const sources = query.albumId === undefined
    ? owners.map(({ library }) => library)
    : [requireAlbum(world, user, query.albumId, "album.read").assets];
  return [...walkMerged(sources, window, query.order)].filter((asset) => isShown(asset, query));
}

function isShown(asset: Asset, query: TimelineQuery): boolean {
  const { visibility } = asset;
  return (query.visibility === undefined
    ? visibility === "timeline" || visibility === "archive"
    : visibility === query.visibility) &&
    (asset.trashedAt !== null) === query.isTrashed &&
    // SOURCE: beside albumId it leaves that user's assets of the album.
    (query.userId === undefined || asset.owner.id === query.userId) &&
    (query.isFavorite === undefined || asset.favourite === query.isFavorite) &&
    // "With stacks" means that a stack is shown as its primary asset.
    (!query.withStacked || asset.stack === null || asset.stack.primary === asset) &&
    (query.personId === undefined || shows(asset, query.personId));
}

/** A bucket: for each property the values of all its assets. */
function columns(assets: Asset[], withCreatedAt: boolean, withStacked: boolean): Json {
  const column = (valueOf: (asset: Asset) => unknown) => assets.map(valueOf);
  const stack = ({ stack }: Asset) => stack === null ? null : [stack.id, `${stack.assets.size}`];
  return {
    city: column(() => null),
    country: column(() => null),
    duration: column(() => null),
    id: column(({ id }) => id),
    visibility: column(({ visibility }) => visibility),
    isFavorite: column(({ favourite }) => favourite),
    isImage: column(({ type }) => type === "IMAGE"),
    isTrashed: column(({ trashedAt }) => trashedAt !== null),
    livePhotoVideoId: column(({ livePhotoVideo }) => livePhotoVideo?.id ?? null),
    fileCreatedAt: column(({ takenAt }) => bucketTimeOf(takenAt)),
    localOffsetHours: column(() => 0),
    ...(withCreatedAt ? { createdAt: column(({ createdAt }) => bucketTimeOf(createdAt)) } : {}),
    ownerId: column(({ owner }) => owner.id),
    projectionType: column(() => null),
    ratio: column(() => 1.333),
    status: column(({ trashedAt }) => trashedAt === null ? "active" : "trashed"),
    thumbhash: column(() => null),
    ...(withStacked ? { stack: column(stack) } : {}),
  };
}
