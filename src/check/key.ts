import { KEYS_PAGE } from "../immich/status_error.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import type { Config } from "../config/config.ts";
import { type ApiKey, may, type Server } from "../immich/server.ts";
import {
  DELTA_PERMISSIONS,
  obstacleInPeople,
  obstacleToDelta,
  type StrategyInput,
} from "../sync/delta_questions.ts";
import { count, span } from "../text.ts";

/** The least that works with a configuration of defaults. */
export const KEY_PERMISSIONS: readonly string[] = [
  "asset.read",
  "album.read",
  "album.create",
  "albumAsset.create",
  "albumAsset.delete",
];

/** Permissions that this program has a use for on some server, in some configuration. */
const KNOWN: readonly string[] = [
  ...KEY_PERMISSIONS,
  ...DELTA_PERMISSIONS,
  "asset.view",
  "face.read",
  "stack.read",
  "user.read",
];

/** What the permissions depend on. */
export interface KeyUse {
  readonly server: Server;
  /** Whether there is an album already; undefined when nobody knows. */
  readonly albumExists: boolean | undefined;
}

/** Without these a run with this configuration fails. */
function neededPermissions(config: Config, { albumExists }: KeyUse): string[] {
  const creates = config.album.by === "name" && config.mode !== "remove-only";
  return [
    "asset.read",
    "album.read",
    ...creates && albumExists !== true ? ["album.create"] : [],
    ...config.mode === "remove-only" ? [] : ["albumAsset.create"],
    ...config.mode === "add-only" ? [] : ["albumAsset.delete"],
    ...config.rule.kind === "without" ? ["person.read"] : [],
  ];
}

/** What the key may do, against what it has to. */
export function checkKey(key: ApiKey, config: Config, use: KeyUse): Finding {
  const needed = neededPermissions(config, use);
  const faster = use.server.structuredSearch ? DELTA_PERMISSIONS : [];
  const missing = needed.filter((permission) => !may(key, permission));
  const name = JSON.stringify(key.name);
  if (missing.length > 0) {
    return problem(
      "key",
      `${name} lacks ${missing.join(", ")}`,
      `Grant ${missing.join(", ")} to the key ${KEYS_PAGE}.`,
    );
  }
  if (key.permissions.includes("all")) {
    const enough = [...new Set([...needed, ...faster, "asset.view"])];
    return warning(
      "key",
      `${name} has all permissions, which is more than needed`,
      `Create a key with only these permissions ${KEYS_PAGE}: ${enough.join(", ")}.`,
    );
  }
  const slow = faster.filter((permission) => !may(key, permission));
  if (slow.length > 0) {
    return warning(
      "key",
      `${name} works, but lacks ${slow.join(" and ")}, so every run has to read all assets`,
      `Grant ${
        slow.join(" and ")
      } to the key ${KEYS_PAGE}; runs then ask for the differences only, which is much faster.`,
    );
  }
  const surplus = key.permissions.filter((permission) => !KNOWN.includes(permission));
  if (surplus.length > 0) {
    return warning(
      "key",
      `${name} has more permissions than needed: ${surplus.join(", ")}`,
      `Remove these permissions from the key ${KEYS_PAGE}; this program does not use them.`,
    );
  }
  const view = may(key, "asset.view") ? "" : "; asset.view would add pictures to reports";
  return ok("key", `${name} with ${count(key.permissions.length, "permission")}${view}`);
}

export function checkServer(server: Server, baseUrl: string): Finding {
  return ok("server", `Immich ${server.version} (generation ${generation(server)}) at ${baseUrl}`);
}

function generation({ structuredSearch, stableTies }: Server): string {
  if (structuredSearch) return "3.2 and later";
  return stableTies ? "3.0 to 3.1" : "2.x";
}

/**
 * How a run would find out what to change, and why so.
 *
 * @param scanEveryMs how often at least all is read; 0: never
 */
export function checkStrategy(
  input: StrategyInput,
  key: ApiKey,
  people: number | undefined,
  scanEveryMs: number,
): Finding {
  const lacking = DELTA_PERMISSIONS.filter((permission) => !may(key, permission));
  const obstacle = obstacleToDelta(input) ??
    (lacking.length > 0 ? `the API key lacks ${lacking.join(" and ")}` : undefined) ??
    (people === undefined ? undefined : obstacleInPeople(people));
  const every = scanEveryMs === 0 ? "" : `every ${span(scanEveryMs)} (SCAN_EVERY) and `;
  return ok(
    "strategy",
    obstacle === undefined
      ? `delta: a run asks for the differences only; it reads everything ${every}while most of the library differs`
      : `scan: a run reads all assets, because ${obstacle}`,
  );
}
