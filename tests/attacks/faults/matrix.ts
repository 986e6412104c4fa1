import { type LoggedRequest, startEmulator } from "../../emulator/mod.ts";
import { type Blow, isChange } from "./blow.ts";
import { inject, type Injection, type Verdict } from "./injection.ts";
import type { Scenario } from "./stage.ts";
import { someOf } from "../share.ts";
import { syncOnce } from "./sync_once.ts";

/** Counted while the matrix runs. */
export interface Totals {
  injections: number;
  requestsStruck: number;
  wrongAdditions: number;
  wrongRemovals: number;
  notHealed: number;
}

/** Injections of one blow in all scenarios; `problems` is what the test of it looks at. */
export type Row = Promise<{ readonly injections: number; readonly problems: readonly string[] }>;

/** Runs injections, many at once: most of their time is the pauses before retries. */
export class Matrix {
  readonly totals: Totals = {
    injections: 0,
    requestsStruck: 0,
    wrongAdditions: 0,
    wrongRemovals: 0,
    notHealed: 0,
  };
  readonly #scenarios: readonly Scenario[];
  readonly #lockFolder: string;
  readonly #ports: () => number;
  readonly #references = new Map<string, Promise<readonly LoggedRequest[]>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(
    scenarios: readonly Scenario[],
    { lockFolder, ports, atOnce }: {
      readonly lockFolder: string;
      /** For its servers, some of which pause. */
      readonly ports: () => number;
      readonly atOnce: number;
    },
  ) {
    this.#scenarios = scenarios;
    this.#lockFolder = lockFolder;
    this.#ports = ports;
    this.#free = atOnce;
  }

  /** Strikes every request that the blow can hit, in every scenario, once and for good. */
  async row(version: string, blow: Blow): Row {
    const injections = someOf(await this.#injectionsOf(version, blow));
    const verdicts = await Promise.all(injections.map((it) => this.#inject(it)));
    return {
      injections: verdicts.length,
      problems: verdicts.flatMap(({ problems }) => problems),
    };
  }

  async #injectionsOf(version: string, blow: Blow): Promise<Injection[]> {
    const injections: Injection[] = [];
    const covered = new Set<string>();
    for (const scenario of this.#scenarios) {
      if (!scenario.versions.includes(version)) continue;
      if (blow.scenarios?.includes(scenario.name) === false) continue;
      if (scenario.pages === true && blow.onPages !== true) continue;
      const requests = await this.#reference(version, scenario);
      const targets = requests.filter(blow.hits ?? (() => true));
      for (const [index, request] of targets.entries()) {
        const { lengths = ["once", "lasting"] } = blow;
        // What precedes it in another scenario makes little difference to a read: struck in both
        // ways the first time, it is struck in one of them from then on.
        const kind = kindOf(request);
        const isKnown = covered.has(kind) && !isChange(request);
        covered.add(kind);
        for (const [way, length] of lengths.entries()) {
          if (isKnown && way !== index % lengths.length) continue;
          injections.push({
            ...{ version, scenario, blow },
            nth: index + 1,
            lasting: length === "lasting",
          });
        }
      }
    }
    return injections;
  }

  /** The requests of a run in which nothing goes wrong. */
  #reference(version: string, scenario: Scenario): Promise<readonly LoggedRequest[]> {
    const name = `${version} ${scenario.name}`;
    const known = this.#references.get(name) ?? referenceRun(version, scenario, this.#lockFolder);
    this.#references.set(name, known);
    return known;
  }

  async #inject(injection: Injection): Promise<Verdict> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      const verdict = await inject(injection, {
        lockFolder: this.#lockFolder,
        ports: this.#ports,
      });
      this.totals.injections++;
      this.totals.requestsStruck += verdict.struck;
      this.totals.wrongAdditions += verdict.wronglyAdded;
      this.totals.wrongRemovals += verdict.wronglyRemoved;
      if (!verdict.healed) this.totals.notHealed++;
      return verdict;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

async function referenceRun(
  version: string,
  scenario: Scenario,
  lockFolder: string,
): Promise<readonly LoggedRequest[]> {
  const stage = scenario.build();
  await using emulator = await startEmulator({ version, world: stage.world });
  await syncOnce(emulator, stage, { lockFolder });
  return [...emulator.requests];
}

/** Requests that ask for the same thing: the same path, and the same parameters but for ids. */
function kindOf({ method, path, query, body }: LoggedRequest): string {
  const text = `${method} ${path} ${[...query.keys()].sort()} ${JSON.stringify(body ?? null)}`;
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>");
}
