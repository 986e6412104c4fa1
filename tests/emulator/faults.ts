import type { LoggedRequest } from "./request_log.ts";
import type { World } from "./world.ts";

/** Something that goes wrong, or happens, on the way of a request. */
export type Fault =
  /** Another answer, e.g. 500, 429 with Retry-After, 502 with the HTML of a proxy. */
  | {
    kind: "status";
    status: number;
    body?: unknown;
    contentType?: string;
    headers?: Record<string, string>;
  }
  /** 200 and a web page, as an expired session of a proxy's single sign-on gives. */
  | { kind: "loginPage" }
  /** 200, JSON content type, and nothing. */
  | { kind: "emptyBody" }
  /** Valid JSON of another shape. */
  | { kind: "json"; body: unknown; status?: number }
  /**
   * The true answer ends in the middle: the connection closes with bytes missing ("contentLength"),
   * without the last chunk ("chunked"), or HTTP is in order and the JSON is not ("truncated").
   */
  | { kind: "cutJson"; how: "contentLength" | "chunked" | "truncated" }
  /** The connection is reset (RST) before any answer. */
  | { kind: "reset" }
  /** The connection is reset (RST) in the middle of the true answer's body. */
  | { kind: "resetInBody" }
  /** No answer, ever. */
  | { kind: "hang" }
  /** The true answer, a few bytes at a time. */
  | { kind: "slowDrip"; bytes?: number; everyMs?: number }
  /** A body without end, or of so many bytes: one JSON string. */
  | { kind: "hugeBody"; bytes: number }
  | { kind: "redirect"; to: string; status?: number }
  /** The true answer comes later. */
  | { kind: "delay"; ms: number }
  /** Valid and wrong: the body of the true answer, changed. */
  | { kind: "mutate"; change: (body: unknown, request: LoggedRequest) => unknown }
  /** Changes the world just before the request is handled, which waits for it. */
  | { kind: "before"; run: (world: World, request: LoggedRequest) => unknown }
  /** Changes the world just after it was handled, before the answer goes out. */
  | { kind: "after"; run: (world: World, request: LoggedRequest) => void }
  /** The key of the request is deleted, from this request on. */
  | { kind: "revokeKey" }
  /** The server goes into maintenance mode, from this request on. */
  | { kind: "startMaintenance" };

/** Which requests a fault strikes; all given conditions must hold. */
export interface Match {
  method?: string;
  path?: RegExp;
  where?: (request: LoggedRequest) => boolean;
  /** Only the nth (from 1) of the requests that match otherwise. */
  nth?: number;
  /** The nth and all after it. */
  from?: number;
}

export interface FaultRule {
  match?: Match;
  /** Strikes that often at most. */
  times?: number;
  /** The server does the work first: a write is done although its answer gets lost. */
  handled?: boolean;
  fault: Fault;
}

/** A fault that strikes a request. */
export interface Strike {
  fault: Fault;
  handled: boolean;
}

/** Faults on demand. Several may strike one request, in the order in which they were added. */
export class Faults {
  #rules: { rule: FaultRule; seen: number; struck: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0, struck: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** What strikes this request; counts it for `nth`, `from` and `times`. */
  strikes(request: LoggedRequest): Strike[] {
    const strikes: Strike[] = [];
    for (const entry of this.#rules) {
      const { match = {}, times = Infinity, handled = false, fault } = entry.rule;
      if (!matches(match, request)) continue;
      entry.seen++;
      if (match.nth !== undefined && entry.seen !== match.nth) continue;
      if (match.from !== undefined && entry.seen < match.from) continue;
      if (entry.struck >= times) continue;
      entry.struck++;
      strikes.push({ fault, handled });
    }
    return strikes;
  }
}

function matches(match: Match, request: LoggedRequest): boolean {
  return (match.method === undefined || match.method === request.method) &&
    (match.path === undefined || match.path.test(request.path)) &&
    (match.where === undefined || match.where(request));
}
