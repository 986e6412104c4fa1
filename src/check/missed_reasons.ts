import { KEYS_PAGE } from "../immich/status_error.ts";
import { ImmichError } from "../immich/immich_error.ts";
import { hasSmartSearch } from "../immich/smart_search.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { type ApiKey, may, type Server } from "../immich/server.ts";
import { anyFaceCounts } from "../sync/rule.ts";
import type { RuleConfig } from "../config/config.ts";
import { type Finding, ok } from "./finding.ts";

/**
 * What `missed` looks at with these permissions on this server, and which one would add what.
 * Nothing without `asset.read`, which is told of the key.
 */
export async function checkMissed(
  http: ImmichHttp,
  server: Server,
  key: ApiKey,
  rule: RuleConfig,
): Promise<Finding[]> {
  if (!may(key, "asset.read")) return [];
  const smart = await askForSmartSearch(http);
  const facePermission = server.unassignedFaces
    ? "asset.read"
    : server.structuredSearch
    ? "person.read"
    : "face.read";
  // Nothing with a face is a candidate where any face counts.
  const seesFaces = !anyFaceCounts(rule, true);
  const ways: readonly (readonly [what: string, permission: string])[] = [
    ...seesFaces ? [["unassigned faces", facePermission] as const] : [],
    ["duplicates", "asset.read"],
    ["stacks", "stack.read"],
    ["neighbours in time", "asset.read"],
    ...smart === true ? [["smart search", "asset.read"] as const] : [],
  ];
  const looksAt = ways.filter(([, permission]) => may(key, permission)).map(([what]) => what);
  const places: (typeof ways)[number] = ["the positions of faces", "face.read"];
  const pictures: (typeof ways)[number] = ["pictures", "asset.view"];
  const lacking = [...ways, ...seesFaces && server.structuredSearch ? [places] : [], pictures]
    .filter(([, permission]) => !may(key, permission))
    .map(([what, permission]) => `${permission} for ${what}`);
  const parts = [
    `looks at ${looksAt.join(", ")}`,
    ...smart === false ? ["smart search is switched off on this server"] : [],
    ...smart === undefined ? ["the server does not say whether smart search is on"] : [],
    ...lacking.length === 0 ? [] : [`optional for the key ${KEYS_PAGE}: ${lacking.join(", ")}`],
  ];
  return [ok("missed", parts.join("; "))];
}

/** Undefined when the server does not say: a sync needs none of it. */
async function askForSmartSearch(http: ImmichHttp): Promise<boolean | undefined> {
  try {
    return await hasSmartSearch(http, new AbortController().signal);
  } catch (error) {
    if (error instanceof ImmichError) return undefined;
    throw error;
  }
}
