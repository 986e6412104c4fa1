import { ownersInSearch, requireAlbum } from "./access.ts";
import { CaptureOrder, type CaptureSource, type CaptureWindow } from "./capture_order.ts";
import { ApiError, type Issue, notEmulated } from "./errors.ts";
import { boolean, integer, oneOf, type Path, type Read, wrongType } from "./fields.ts";
import { type Condition, emptyCondition, readFilterField } from "./filter_fields.ts";
import { bodyFields, FieldReading, isRecord } from "./reading.ts";
import { Found, type Viewer, walkInOrder } from "./search_flat.ts";

/** The structured form (3.2 on), as read. */
export interface StructuredSearch {
  filter: Filter;
  order: "asc" | "desc";
  /** What the cursor stands for. */
  offset: number;
  size: number;
  withPeople: boolean;
  withExif: boolean;
  withStacked: boolean | undefined;
}

export interface Filter {
  conditions: Condition[];
  /** Operators of the top-level fields, by field name. */
  operators: Map<string, Record<string, unknown>>;
  branches: Filter[];
}

/** Flat parameters that may not stand beside a filter. */
const FLAT = [
  ..."albumIds order page personIds takenAfter takenBefore visibility withDeleted".split(" "),
  ..."createdAfter createdBefore updatedAfter updatedBefore trashedAfter trashedBefore".split(" "),
  ..."id isFavorite isMotion isNotInAlbum type".split(" "),
];

/** The body without flat parameters, for a server that does not know them any more. */
export function withoutFlatFields(body: unknown): unknown {
  if (!isRecord(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !FLAT.includes(name)));
}

/** @throws ApiError 400 that names the flat parameters of the body, if there are any */
export function refuseFlatFields(body: unknown): void {
  const reading = new FieldReading({});
  for (const name of FLAT.filter((name) => isRecord(body) && body[name] !== undefined)) {
    const message = `Unrecognized key: "${name}"`;
    reading.complain({ messages: [], zod: { code: "unrecognized_keys", path: [name], message } });
  }
  reading.done();
}

/** Whether a request to a 3.2 server uses the structured form. */
export function isStructured(body: unknown): boolean {
  return isRecord(body) &&
    (body["filter"] !== undefined || body["orderBy"] !== undefined || body["cursor"] !== undefined);
}

/**
 * Reads the structured form.
 * @throws ApiError 400 with what is wrong with it
 */
export function readStructuredSearch(body: unknown): StructuredSearch {
  const fields = bodyFields(body, "3.2");
  const reading = new FieldReading(fields);
  const size = reading.optional("size", integer(1, 1000, false)) ?? 250;
  const withPeople = reading.optional("withPeople", boolean) ?? false;
  const withExif = reading.optional("withExif", boolean) ?? false;
  const withStacked = reading.optional("withStacked", boolean);
  const order = reading.optional("orderBy", readOrder) ?? "desc";
  const filter = reading.optional("filter", (value, path) => readFilter(value, path, true)) ??
    { conditions: [], operators: new Map(), branches: [] };
  for (const name of FLAT.filter((name) => fields[name] !== undefined)) {
    const message = `Deprecated field ${name} cannot be combined with filter`;
    reading.complain({ messages: [], zod: { code: "custom", path: [name], message } });
  }
  reading.done();
  const offset = fields["cursor"] === undefined ? 0 : offsetOf(fields["cursor"]);
  return { filter, order, offset, size, withPeople, withExif, withStacked };
}

function readOrder(value: unknown, path: Path): Read<"asc" | "desc"> {
  if (!isRecord(value)) return wrongType("object", value, path, []);
  if (value["field"] !== undefined && value["field"] !== "fileCreatedAt") {
    throw notEmulated(`orderBy ${String(value["field"])}`);
  }
  const direction = value["direction"] ?? "desc";
  return oneOf<"asc" | "desc">("asc", "desc")(direction, [...path, "direction"]);
}

function readFilter(value: unknown, path: Path, isTop: boolean): Read<Filter> {
  if (!isRecord(value)) return wrongType("object", value, path, []);
  const filter: Filter = { conditions: [], operators: new Map(), branches: [] };
  const unknown: string[] = [];
  for (const [name, content] of Object.entries(value)) {
    if (name === "or" && isTop) {
      const issue = readBranches(content, [...path, name], filter);
      if (issue !== null) return { issue };
      continue;
    }
    const read = readFilterField(name, content, [...path, name]);
    if (read === null) unknown.push(name);
    else if ("issue" in read) return read;
    else {
      // Whether an asset is in an album of a million takes longest to tell: that is asked last.
      if (name === "albumIds") filter.conditions.push(read.value.meets);
      else filter.conditions.unshift(read.value.meets);
      filter.operators.set(name, read.value.operators);
    }
  }
  if (unknown.length > 0) return { issue: unrecognized(unknown, path) };
  return { value: filter };
}

function readBranches(value: unknown, path: Path, filter: Filter): Issue | null {
  if (!Array.isArray(value)) return wrongType("array", value, path, []).issue;
  if (value.length === 0) {
    const message = "Too small: expected array to have >=1 items";
    const zod = { origin: "array", code: "too_small", minimum: 1, inclusive: true, path, message };
    return { messages: [], zod };
  }
  for (const [index, entry] of value.entries()) {
    const branch = readFilter(entry, [...path, index], false);
    if ("issue" in branch) return branch.issue;
    if (branch.value.conditions.length === 0) return emptyCondition([...path, index]);
    filter.branches.push(branch.value);
  }
  filter.conditions.push((asset, world) =>
    filter.branches.some(({ conditions }) => conditions.every((meets) => meets(asset, world)))
  );
  return null;
}

function unrecognized(keys: string[], path: Path): Issue {
  const quoted = keys.map((key) => `"${key}"`).join(", ");
  const message = `Unrecognized key${keys.length > 1 ? "s" : ""}: ${quoted}`;
  return { messages: [], zod: { code: "unrecognized_keys", keys, path, message } };
}

/** The cursor is an offset in disguise: base64 of `{"offset":20}`. */
export function cursorAt(offset: number): string {
  return btoa(JSON.stringify({ offset }))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function offsetOf(cursor: unknown): number {
  try {
    const text = atob(String(cursor).replaceAll("-", "+").replaceAll("_", "/"));
    const content: unknown = JSON.parse(text);
    if (isRecord(content) && Number.isInteger(content["offset"])) return Number(content["offset"]);
  } catch {
    // Neither base64 nor JSON: answered below like any other wrong cursor.
  }
  throw new ApiError(400, "Invalid cursor");
}

/**
 * The assets a structured search finds, in the order of the answer. The default scope has archived,
 * hidden, and trashed assets, own and partners'; never locked ones.
 */
export function findStructured(viewer: Viewer, search: StructuredSearch): Found {
  const { world, user } = viewer;
  refuseLocked(search.filter);
  requireAlbums(viewer, search.filter);
  const owners = new Set(ownersInSearch(world, user));
  const albums = albumScope(viewer, search.filter);
  const sources = albums ?? [...owners].map(({ library }) => library);
  const walk = walkInOrder(viewer, sources, windowOf(search.filter), search.order);
  return new Found(
    walk,
    (asset) =>
      asset.visibility !== "locked" && (albums !== null || owners.has(asset.owner)) &&
      !(search.withStacked === false && asset.stack !== null) &&
      search.filter.conditions.every((meets) => meets(asset, world)),
  );
}

/** @throws ApiError 401 if locked assets are asked for */
function refuseLocked(filter: Filter): void {
  const { eq, in: among } = filter.operators.get("visibility") ?? {};
  if (eq === "locked" || (Array.isArray(among) && among.includes("locked"))) {
    throw new ApiError(401, "Elevated permission is required");
  }
  for (const branch of filter.branches) refuseLocked(branch);
}

/** @throws ApiError 400 if an album is named that the user may not read */
function requireAlbums(viewer: Viewer, filter: Filter): void {
  for (const operand of Object.values(filter.operators.get("albumIds") ?? {})) {
    if (!Array.isArray(operand)) continue;
    for (const id of operand) requireAlbum(viewer.world, viewer.user, id, "album.read");
  }
  for (const branch of filter.branches) requireAlbums(viewer, branch);
}

/** The albums a top-level any or all names take the place of the owners; null without them. */
function albumScope(viewer: Viewer, filter: Filter): CaptureSource[] | null {
  const { any, all } = filter.operators.get("albumIds") ?? {};
  const named = [any, all].find((operand) => Array.isArray(operand));
  if (!Array.isArray(named)) return null;
  const albums = named.flatMap((id) => viewer.world.albums.get(id) ?? []);
  if (albums.length === 1) return albums.map(({ assets }) => assets);
  // An asset in several of them is one asset.
  const union = new CaptureOrder();
  for (const album of albums) for (const asset of album.assets) union.add(asset);
  return [union];
}

/** The outer bounds of the capture time, so that a window does not cost the whole library. */
function windowOf(filter: Filter): CaptureWindow {
  const { eq, gt, gte, lt, lte } = filter.operators.get("takenAt") ?? {};
  const given = (bounds: unknown[]) => bounds.filter((bound) => typeof bound === "number");
  return { from: Math.max(...given([eq, gt, gte])), to: Math.min(...given([eq, lt, lte])) };
}
