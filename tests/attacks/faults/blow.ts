import type { Emulator, FaultRule, LoggedRequest } from "../../emulator/mod.ts";
import type { Stage } from "./stage.ts";

/** Where a blow falls. */
export interface Scene {
  readonly emulator: Emulator;
  readonly stage: Stage;
  /** Whether it strikes every request from its first one on, or only that one. */
  readonly lasting: boolean;
}

/**
 * What a run may make of a blow.
 *
 * - `harmless`: the run does not even notice.
 * - `passes`: tried again, so that it only ends the run when it lasts.
 * - `fatal`: ends the run at once, unless the request was not needed.
 * - `lie`: a well-formed answer that is not true. The run may believe it or not, but neither may it
 *   remove or add wrongly because of it.
 * - `change`: somebody else changes the library during the run.
 */
export type Effect = "harmless" | "passes" | "fatal" | "lie" | "change";

/** One kind of fault of the matrix. */
export interface Blow {
  readonly name: string;
  readonly effect: Effect;
  /** Names of the errors that a run may end with because of it. */
  readonly errors: readonly string[];
  /** What strikes the request, together. */
  readonly rules: (scene: Scene) => Pick<FaultRule, "fault" | "handled">[];
  /** Requests it can strike; default all. */
  readonly hits?: (request: LoggedRequest) => boolean;
  /** The server does the work of a struck write, and its answer does not arrive. */
  readonly losesAnswers?: boolean;
  /** Default: both once and lasting. */
  readonly lengths?: readonly ("once" | "lasting")[];
  /** Milliseconds, when shorter than usual. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** Versions of Immich it makes sense with; default all. */
  readonly versions?: readonly string[];
  /** Scenarios it makes sense in; default all. */
  readonly scenarios?: readonly string[];
  /** The server is behind TLS; `trusted` is the CA that the runs know. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly trusted: string };
  /** Worth the time in a library of more than one page. */
  readonly onPages?: boolean;
  /** Ends what clearing the emulator's faults does not end. */
  readonly mend?: (scene: Scene) => Promise<void> | void;
}

export const isSearch = ({ path }: LoggedRequest): boolean => path === "/api/search/metadata";

export const isCount = ({ path }: LoggedRequest): boolean => path === "/api/search/statistics";

export const isSample = ({ path }: LoggedRequest): boolean => path === "/api/search/random";

export const isAlbumList = ({ method, path }: LoggedRequest): boolean =>
  method === "GET" && path === "/api/albums";

export const isChange = ({ method, path }: LoggedRequest): boolean =>
  method !== "GET" && path.startsWith("/api/albums");

/** Decides which requests are struck: the `nth` (from 1) of those that match, or from it on. */
export class Aim {
  readonly struck: LoggedRequest[] = [];
  readonly #nth: number;
  readonly #lasting: boolean;
  readonly #matches: (request: LoggedRequest) => boolean;
  readonly #decided = new Map<LoggedRequest, boolean>();
  #seen = 0;

  constructor(nth: number, lasting: boolean, matches: (request: LoggedRequest) => boolean) {
    this.#nth = nth;
    this.#lasting = lasting;
    this.#matches = matches;
  }

  /** The same answer for the same request however often it is asked: a blow may have many rules. */
  readonly hits = (request: LoggedRequest): boolean => {
    const decided = this.#decided.get(request);
    if (decided !== undefined) return decided;
    const hit = this.#matches(request) && this.#isDue(++this.#seen);
    this.#decided.set(request, hit);
    if (hit) this.struck.push(request);
    return hit;
  };

  #isDue(count: number): boolean {
    return this.#lasting ? count >= this.#nth : count === this.#nth;
  }
}
