import { CHANGED_SHARE, type Run, type Task } from "../runs.ts";
import type { State } from "../server/control.ts";
import { type ModelVersion, ServerCosts } from "./costs.ts";

/** What the script's way costs the server by the model, without anything for the script itself. */
export function computeScript(
  { version, size }: { version: ModelVersion; size: number },
  { searched, searchedFaceless, faceless }: Omit<State, "album">,
  task: Task,
): Run {
  const costs = new ServerCosts(version, size);
  const [pages, pageSeconds] = pagesOf(costs, searched);
  const members = task === "first sync" ? 0 : faceless;
  const [albumPages, albumSeconds] = version === "2.7.5"
    ? [1, costs.albumWithAssets(members)]
    : pagesOf(costs, members, members);
  const changed = task === "0.1 % changed" ? Math.floor(size * CHANGED_SHARE / 2) : 0;
  const added = searchedFaceless - members + changed;
  const creates = task === "first sync";
  const putSeconds = added === 0 ? 0 : costs.change(added);
  const serverSeconds = pageSeconds + albumSeconds + putSeconds + costs.albums(members) +
    (creates ? costs.request() : 0);
  const writes = (added === 0 ? 0 : 1) + (creates ? 1 : 0);
  return {
    ...{ way: "script", version, assets: size, task, computed: true },
    wallSeconds: serverSeconds,
    requests: pages + albumPages + 1 + writes,
    ...{ writes, serverSeconds, buckets: 0 },
    ...{ bytes: null, cpuSeconds: null, peakMegabytes: null, emulatorSeconds: null },
    ...{ listed: null, strategy: null },
    ...(added <= MOST_IDS ? {} : { comment: "a real server answers so large a PUT with 500" }),
  };
}

/** Ids that fit into the 10 MB of a request. */
const MOST_IDS = 250_000;

const SCRIPT_PAGE = 250;

/** Pages by number of the library or of an album with so many members, and the seconds they take. */
function pagesOf(costs: ServerCosts, assets: number, members = 0): [number, number] {
  const pages = Math.max(1, Math.ceil(assets / SCRIPT_PAGE));
  let seconds = 0;
  for (let page = 0; page < pages; page++) {
    const skipped = page * SCRIPT_PAGE;
    seconds += costs.flatPage({ rows: Math.min(SCRIPT_PAGE, assets - skipped), skipped, members });
  }
  return [pages, seconds];
}
