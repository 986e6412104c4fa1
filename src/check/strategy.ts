import type { ApiKey } from "../immich/server.ts";
import { obstacleInPeople, obstacleToDelta, type StrategyInput } from "../sync/delta_questions.ts";
import { type Finding, ok } from "./finding.ts";
import { may } from "./key.ts";

/** How a run would find out what to change, and why so. */
export function checkStrategy(
  input: StrategyInput,
  key: ApiKey,
  people: number | undefined,
): Finding {
  const lacking = ["person.read", "asset.statistics"].filter((permission) => !may(key, permission));
  const obstacle = obstacleToDelta(input) ??
    (lacking.length > 0 ? `the API key lacks ${lacking.join(" and ")}` : undefined) ??
    (people === undefined ? undefined : obstacleInPeople(people));
  return ok(
    "strategy",
    obstacle === undefined
      ? "delta: the server is asked for the differences only (while most of the library differs, all is read)"
      : `scan: all assets are read, since ${obstacle}`,
  );
}
