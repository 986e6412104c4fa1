import { type Answer, PUBLIC, type Route } from "./call.ts";
import { ApiError } from "./errors.ts";
import type { Version } from "./generation.ts";
import type { ApiKey } from "./model.ts";
import { requireKey, requirePermission } from "./permissions.ts";
import type { LoggedRequest } from "./request_log.ts";
import { ALBUM_ASSET_ROUTES } from "./routes/album_assets.ts";
import { ALBUM_ROUTES } from "./routes/albums.ts";
import { ASSET_ROUTES } from "./routes/assets.ts";
import { GROUP_ROUTES } from "./routes/groups.ts";
import { PEOPLE_ROUTES } from "./routes/people.ts";
import { SEARCH_ROUTES } from "./routes/search.ts";
import { SERVER_ROUTES } from "./routes/server_info.ts";
import { SMART_SEARCH_ROUTES } from "./routes/smart_search.ts";
import { TIMELINE_ROUTES } from "./routes/timeline.ts";
import type { World } from "./world.ts";

/** All routes, in the order in which they are tried. */
export const ROUTES: readonly Route[] = [
  ...SEARCH_ROUTES,
  ...SMART_SEARCH_ROUTES,
  ...ALBUM_ASSET_ROUTES,
  ...ALBUM_ROUTES,
  ...ASSET_ROUTES,
  ...GROUP_ROUTES,
  ...PEOPLE_ROUTES,
  ...TIMELINE_ROUTES,
  ...SERVER_ROUTES,
];

const WEB_PAGE = "<!doctype html>\n<html><head><title>Immich</title></head><body></body></html>\n";

/** Answers a request as the server does when nothing is wrong with the network. */
export function handle(
  world: World,
  version: Version,
  request: LoggedRequest,
  routes: readonly Route[] = ROUTES,
): Answer {
  const { method, path } = request;
  if (method === "GET" && !path.startsWith("/api/") && path !== "/api") return webPage(path);
  const found = findRoute(routes, method, path);
  if (found === null || (world.maintenance && found.route.inMaintenance !== true)) {
    const query = request.query.size > 0 ? `?${request.query}` : "";
    throw new ApiError(404, `Cannot ${method} ${path}${query}`);
  }
  const { route, params } = found;
  const key = route.permission === PUBLIC ? nobody(world) : requireKey(world, request.apiKey);
  if (route.permission !== PUBLIC && route.permission !== null) {
    requirePermission(key, route.permission);
  }
  // Only a JSON content type makes the server look at the body.
  const isJson = /^application\/([\w.]+\+)?json\b/.test(request.headers["content-type"] ?? "");
  const body = isJson ? request.body : undefined;
  return route.answer({ world, version, user: key.user, key, params, query: request.query, body });
}

/** Outside of /api there is the web application, whatever the path: a wrong base URL looks fine. */
function webPage(path: string): Answer {
  if (path === "/.well-known/immich") return { status: 200, body: { api: { endpoint: "/api" } } };
  return { status: 200, body: WEB_PAGE, contentType: "text/html; charset=utf-8" };
}

function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | null {
  const parts = path.split("/");
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchPath(route.path.split("/"), parts);
    if (params !== null) return { route, params };
  }
  return null;
}

function matchPath(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, name] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (name.startsWith(":")) params[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return params;
}

/** Public routes look at nobody; this stands in for the key they do not have. */
function nobody(world: World): ApiKey {
  const user = world.users[0];
  if (user === undefined) throw new Error("the emulator's world needs at least one user");
  return { id: "", secret: "", user, name: "", permissions: [], createdAt: 0 };
}
