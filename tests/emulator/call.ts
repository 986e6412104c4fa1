import { isUuid } from "./ids.ts";
import { validationError } from "./errors.ts";
import { uuid } from "./fields.ts";
import type { Version } from "./generation.ts";
import type { ApiKey, User } from "./model.ts";
import type { World } from "./world.ts";

/** A request that reached its route, with everything a route may look at. */
export interface Call {
  world: World;
  version: Version;
  user: User;
  key: ApiKey;
  /** What stands for `:name` in the route's path. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The parsed body; undefined if there was none or its content type was not JSON. */
  body: unknown;
}

/** What a route answers. */
export interface Answer {
  status: number;
  /** A value to be sent as JSON, or bytes with their content type; undefined for an empty body. */
  body?: unknown;
  contentType?: string;
  /** Assets that a search looked at for it, found or not. */
  looked?: number;
  /** What a real server would need for it; only where its pace is modelled. */
  seconds?: number;
}

export interface Route {
  method: string;
  /** Like "/api/albums/:id/assets". */
  path: string;
  /** What the key must have; null: any valid key; "public": no key at all. */
  permission: string | null;
  /** Answered in maintenance mode, too. */
  inMaintenance?: boolean;
  answer: (call: Call) => Answer;
}

export const PUBLIC = "public";

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** The id in the path. @throws ApiError 400 if it is not a v4 UUID */
export function idOf(call: Call, name = "id"): string {
  const value = call.params[name] ?? "";
  if (isUuid(value)) return value;
  const read = uuid(value, [name]);
  throw validationError("issue" in read ? [read.issue] : []);
}

export function queryFields(call: Call): Record<string, unknown> {
  return Object.fromEntries(call.query);
}
