import type { Asset, Emulator, LoggedRequest } from "../../emulator/mod.ts";
import type { BusyLibrary } from "./busy_library.ts";

/**
 * Watches what a server is asked to change, and holds it against what the server itself has
 * answered during the same run: nothing goes in or out without evidence of its own.
 */
export interface Witness {
  readonly problems: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** A run begins; what was shown to those before it is no evidence any more. */
  forget(): void;
}

export function watch({ faults }: Emulator, library: BusyLibrary): Witness {
  const problems: string[] = [];
  const shownFit = new Set<string>();
  const shownUnfit = new Set<string>();
  const counts = { added: 0, removed: 0 };

  const look = (body: unknown): unknown => {
    for (const { id, fit } of itemsOf(body)) (fit ? shownFit : shownUnfit).add(id);
    return body;
  };
  const judge = (request: LoggedRequest) => {
    const { method, path } = request;
    const ids = idsOf(request.body);
    const evidence = method === "PUT" ? shownFit : method === "DELETE" ? shownUnfit : undefined;
    if (evidence === undefined) return judgeOther(`${method} ${path}`);
    for (const id of ids) {
      const asset = library.world.assets.get(id);
      if (!evidence.has(id)) problems.push(`${method} ${id} without evidence`);
      if (asset !== undefined && asset.owner !== library.alice) {
        problems.push(`${method} ${id}, which is somebody else's`);
      }
    }
  };
  const judgeOther = (request: string) => {
    if (request !== "POST /api/albums") problems.push(`unexpected: ${request}`);
  };
  const count = (before: ReadonlySet<Asset>, after: ReadonlySet<Asset>) => {
    counts.added += [...after].filter((asset) => !before.has(asset)).length;
    counts.removed += [...before].filter((asset) => !after.has(asset)).length;
    const { length } = library.albums();
    if (length > 1) problems.push(`there are ${length} albums`);
  };

  let before: ReadonlySet<Asset> = new Set();
  const members = () => new Set(library.albums().flatMap(({ assets }) => [...assets]));
  const run = (_: unknown, request: LoggedRequest) => {
    before = members();
    judge(request);
  };
  const isSearch = { path: /^\/api\/search\// };
  const isWrite = { where: (request: LoggedRequest) => changes(request) };
  faults.add({ match: isSearch, fault: { kind: "mutate", change: look } });
  faults.add({ match: isWrite, fault: { kind: "before", run } });
  faults.add({ match: isWrite, fault: { kind: "after", run: () => count(before, members()) } });
  return {
    problems,
    get added() {
      return counts.added;
    },
    get removed() {
      return counts.removed;
    },
    forget() {
      shownFit.clear();
      shownUnfit.clear();
    },
  };
}

function changes({ method, path }: LoggedRequest): boolean {
  return method !== "GET" && !path.startsWith("/api/search/");
}

/** The assets of a search's answer, with what the answer itself says of each. */
function* itemsOf(body: unknown): Generator<{ id: string; fit: boolean }> {
  const assets = property(body, "assets");
  const items = property(assets, "items");
  if (!Array.isArray(items)) return;
  for (const item of items) {
    const id = property(item, "id");
    const people = property(item, "people");
    if (typeof id !== "string" || !Array.isArray(people)) continue;
    const fit = people.length === 0 && property(item, "visibility") === "timeline" &&
      property(item, "isTrashed") === false;
    yield { id, fit };
  }
}

/** The ids a write is about. */
export function idsOf(body: unknown): string[] {
  const ids = property(body, "ids");
  return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
