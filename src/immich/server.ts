import { ExplainedError } from "../errors.ts";
import type { ImmichHttp } from "./http.ts";
import { versionSchema } from "./schema.ts";

/**
 * The three generations of the API that this program has to tell apart: 2.x, 3.0–3.1, and from
 * 3.2 on with the structured search.
 */
export type Generation = "2" | "3.0" | "3.2";

export interface Server {
  /** Without a leading "v", e.g. `3.1.0`. */
  readonly version: string;
  readonly generation: Generation;
}

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
  const version = `${major}.${minor}.${patch}`;
  if (major < 2) {
    throw new ExplainedError(
      "VersionError",
      `Immich ${version} is too old for this program.`,
      "Update Immich to 2.0 or later.",
    );
  }
  if (major === 2) return { version, generation: "2" };
  return { version, generation: major === 3 && minor < 2 ? "3.0" : "3.2" };
}
