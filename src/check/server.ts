import type { Server } from "../immich/server.ts";
import { type Finding, ok } from "./finding.ts";

const GENERATIONS: Readonly<Record<Server["generation"], string>> = {
  "2": "generation 2.x",
  "3.0": "generation 3.0 to 3.1",
  "3.2": "generation 3.2 and later",
};

export function checkServer({ version, generation }: Server, baseUrl: string): Finding {
  return ok("server", `Immich ${version} (${GENERATIONS[generation]}) at ${baseUrl}`);
}
