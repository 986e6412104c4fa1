import * as v from "valibot";
import { ExplainedError } from "../errors.ts";
import { idSchema } from "./asset.ts";
import type { ImmichHttp } from "./http.ts";
import { ImmichError } from "./immich_error.ts";
import { listMonths, readMonth } from "./timeline.ts";

export const versionSchema = v.object({
  major: v.number(),
  minor: v.number(),
  patch: v.number(),
});

const apiKeySchema = v.object({ name: v.string(), permissions: v.array(v.string()) });

const userSchema = v.object({ id: idSchema });

/** An Immich server, and what it can. */
export interface Server {
  /** Without a leading "v", e.g. `3.1.0`. */
  readonly version: string;
  /** A major version that nobody has tried yet: taken for the newest one that is known. */
  readonly isUntried: boolean;
  /** The search by `filter`, with counts and samples (3.2 and later). Older ones ignore `filter`. */
  readonly structuredSearch: boolean;
  /** Each answer of a search tells of faces without a person (2.x). */
  readonly unassignedFaces: boolean;
  /** Pages of assets with one and the same capture time do not overlap (3.0 and later). */
  readonly stableTies: boolean;
}

/** The newest major version that this program has been tried with. */
const NEWEST_TRIED = 3;

/**
 * Asks the server for its version; needs no permission and works in maintenance mode.
 *
 * @throws ExplainedError for an Immich before 2.0, whose search has no visibility to rely on
 */
export async function readServer(http: ImmichHttp): Promise<Server> {
  const { major, minor, patch } = await http.call({
    method: "GET",
    path: "/server/version",
    schema: versionSchema,
  });
  if (major >= 2) return serverOf(major, minor, patch);
  throw new ExplainedError(
    "VersionError",
    `Immich ${major}.${minor}.${patch} is too old for this program.`,
    "Update Immich to 2.0 or later.",
  );
}

/** What a server of this version can. */
export function serverOf(major: number, minor: number, patch: number): Server {
  return {
    version: `${major}.${minor}.${patch}`,
    isUntried: major > NEWEST_TRIED,
    structuredSearch: major > 3 || (major === 3 && minor >= 2),
    unassignedFaces: major === 2,
    stableTies: major > 2,
  };
}

/** What Immich knows of the API key in use. */
export interface ApiKey {
  readonly name: string;
  /** Such as `asset.read`, or `all`. */
  readonly permissions: readonly string[];
}

export function may({ permissions }: ApiKey, permission: string): boolean {
  return permissions.includes("all") || permissions.includes(permission);
}

/** Asks for the API key in use; needs no permission. */
export async function readApiKey(http: ImmichHttp): Promise<ApiKey> {
  return await http.call({ method: "GET", path: "/api-keys/me", schema: apiKeySchema });
}

/**
 * The id of the user whose API key is used, for when no owned album tells it.
 *
 * `GET /users/me` needs `user.read`, which the smallest key lacks; then the user's own timeline
 * tells, whose assets are all theirs. Undefined when that is empty: there are no own assets.
 */
export async function readOwnUserId(http: ImmichHttp): Promise<string | undefined> {
  try {
    return (await http.call({ method: "GET", path: "/users/me", schema: userSchema })).id;
  } catch (error) {
    if (!(error instanceof ImmichError) || error.kind !== "forbidden") throw error;
  }
  for (const visibility of ["timeline", "archive"]) {
    const scope = `visibility=${visibility}`;
    const [newest] = await listMonths(http, scope);
    if (newest === undefined) continue;
    const [ownerId] = (await readMonth(http, scope, newest.start)).ownerId;
    if (ownerId !== undefined) return ownerId;
  }
  return undefined;
}
