import type { Server } from "../immich/server.ts";
import { type Finding, ok } from "./finding.ts";

export function checkServer(server: Server, baseUrl: string): Finding {
  return ok("server", `Immich ${server.version} (generation ${generation(server)}) at ${baseUrl}`);
}

function generation({ structuredSearch, stableTies }: Server): string {
  if (structuredSearch) return "3.2 and later";
  return stableTies ? "3.0 to 3.1" : "2.x";
}
