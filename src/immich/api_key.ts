import type { ImmichHttp } from "./http.ts";
import { apiKeySchema } from "./schema.ts";

/** What Immich knows of the API key in use. */
export interface ApiKey {
  readonly name: string;
  /** Such as `asset.read`, or `all`. */
  readonly permissions: readonly string[];
}

/** Asks for the API key in use; needs no permission. */
export async function readApiKey(http: ImmichHttp): Promise<ApiKey> {
  return await http.call({ method: "GET", path: "/api-keys/me", schema: apiKeySchema });
}
