import type { Emulator, Fault, LoggedRequest } from "../../emulator/mod.ts";

/** A fault by a name for the figures; `handled`: the work is done first, its answer is lost. */
interface Kind {
  readonly name: string;
  readonly fault: Fault;
  readonly handled?: boolean;
  /** Which requests it is for; without it all. */
  readonly strikes?: (request: LoggedRequest) => boolean;
}

type ChangeItems = (items: unknown[]) => unknown[];

const PROXY_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";

function status(code: number, more: { handled?: boolean; retryAfter?: string } = {}): Kind {
  const { handled = false, retryAfter } = more;
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  return {
    name: `${code}${handled ? " after the work" : ""}`,
    handled,
    fault: {
      kind: "status",
      status: code,
      headers,
      ...(code >= 502 ? { body: PROXY_PAGE, contentType: "text/html" } : { body: {} }),
    },
  };
}

/** Every one of these is over with the request it strikes, so that one run can see several. */
const KINDS: readonly Kind[] = [
  ...[500, 502, 503, 504, 408, 401, 403, 404, 400].map((code) => status(code)),
  ...[500, 502, 504].map((code) => status(code, { handled: true })),
  status(429, { retryAfter: "1" }),
  { name: "reset", fault: { kind: "reset" } },
  { name: "reset after the work", fault: { kind: "reset" }, handled: true },
  { name: "reset in the body", fault: { kind: "resetInBody" } },
  { name: "connection cut by length", fault: { kind: "cutJson", how: "contentLength" } },
  { name: "connection cut by chunk", fault: { kind: "cutJson", how: "chunked" } },
  { name: "JSON cut", fault: { kind: "cutJson", how: "truncated" } },
  { name: "hang", fault: { kind: "hang" } },
  { name: "hang after the work", fault: { kind: "hang" }, handled: true },
  { name: "slow drip", fault: { kind: "slowDrip", bytes: 2048, everyMs: 5 } },
  { name: "delay", fault: { kind: "delay", ms: 300 } },
  { name: "huge body", fault: { kind: "hugeBody", bytes: 300_000 } },
  { name: "empty body", fault: { kind: "emptyBody" } },
  { name: "login page", fault: { kind: "loginPage" } },
  { name: "redirect", fault: { kind: "redirect", to: "https://login.example.com/" } },
  { name: "another shape", fault: { kind: "json", body: { message: "hello" } } },
  { name: "null", fault: { kind: "json", body: null } },
  { name: "empty list", fault: { kind: "json", body: [] } },
  { name: "maintenance begins", fault: { kind: "startMaintenance" } },
  { name: "key revoked", fault: { kind: "revokeKey" } },
  ...lies("empty listing", () => []),
  ...lies("half a listing", (items) => items.slice(0, items.length >> 1)),
  ...lies("people null", withPeople(null)),
  ...lies("people missing", withPeople(undefined)),
];

/**
 * Strikes each request with the given probability by one of many kinds.
 *
 * @param isOn asked for each request
 * @returns how often each kind has struck so far
 */
export function loosen(
  { faults }: Emulator,
  random: () => number,
  probability: number,
  isOn: () => boolean,
): ReadonlyMap<string, number> {
  const struck = new Map<string, number>();
  let drawn: Kind | undefined;
  const draw = (request: LoggedRequest): false => {
    drawn = undefined;
    if (!isOn() || random() >= probability) return false;
    const kinds = KINDS.filter(({ strikes }) => strikes?.(request) ?? true);
    drawn = kinds[Math.floor(random() * kinds.length)];
    if (drawn !== undefined) struck.set(drawn.name, (struck.get(drawn.name) ?? 0) + 1);
    return false;
  };
  // Strikes nothing, but is asked first, once for each request; those after it follow its draw.
  faults.add({ match: { where: draw }, fault: { kind: "delay", ms: 0 } });
  for (const kind of KINDS) {
    const { fault, handled = false } = kind;
    faults.add({ match: { where: () => drawn === kind }, handled, fault });
  }
  return struck;
}

function isSearch({ path }: LoggedRequest): boolean {
  return path === "/api/search/metadata";
}

/** A listing that looks whole and is not what is there; twice, as only some requests are searches. */
function lies(name: string, change: ChangeItems): Kind[] {
  const changeBody = (body: unknown) => {
    if (!isObject(body) || !isObject(body.assets) || !Array.isArray(body.assets.items)) return body;
    const items = change(body.assets.items);
    const end = "nextCursor" in body.assets
      ? { nextPage: null, nextCursor: null }
      : { nextPage: null };
    return { ...body, assets: { ...body.assets, items, ...end } };
  };
  const kind: Kind = {
    name,
    strikes: isSearch,
    fault: { kind: "mutate", change: changeBody },
  };
  return [kind, { ...kind }];
}

function withPeople(people: null | undefined): ChangeItems {
  return (items) => items.map((item) => isObject(item) ? { ...item, people } : item);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
