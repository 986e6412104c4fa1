/** How much faster so many requests at once are answered than one after the other. */
export interface SpeedUp {
  readonly atOnce: number;
  readonly factor: number;
}

interface Job {
  /** Seconds it would still need alone. */
  left: number;
  readonly finish: () => void;
}

/**
 * The processor of a server: all requests under way share it equally, and together they get what
 * was measured with so many at once. A request alone takes just its own time. Times are in
 * milliseconds of a clock that the caller keeps.
 */
export class SharedCores {
  readonly #speedUps: readonly SpeedUp[];
  readonly #jobs = new Set<Job>();
  #now: number;

  constructor(speedUps: readonly SpeedUp[], now: number) {
    this.#speedUps = speedUps;
    this.#now = now;
  }

  /**
   * Adds a request that takes `seconds` alone and has been there since `since`, from when on it is
   * taken to have had its share.
   */
  add(seconds: number, since: number, finish: () => void): void {
    const job = { left: seconds, finish };
    this.#jobs.add(job);
    job.left -= (this.#now - since) / 1000 * this.#rate();
  }

  /** When the next request ends if no other one comes; undefined when there is none. */
  nextEnd(): number | undefined {
    const next = this.#next();
    if (next === undefined) return undefined;
    return this.#now + Math.max(0, next.left) / this.#rate() * 1000;
  }

  /** Lets time pass, request by request as they end, so that it matters little how often it is called. */
  advance(now: number): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const end = this.nextEnd() ?? now;
      const isDone = end <= now;
      const until = isDone ? end : Math.max(now, this.#now);
      const done = (until - this.#now) / 1000 * this.#rate();
      for (const job of this.#jobs) job.left -= done;
      this.#now = until;
      if (!isDone) return;
      this.#jobs.delete(next);
      next.finish();
    }
    this.#now = Math.max(now, this.#now);
  }

  /** Seconds of work that each of the requests under way gets done in a second. */
  #rate(): number {
    const atOnce = this.#jobs.size;
    return speedUpAt(this.#speedUps, atOnce) / atOnce;
  }

  #next(): Job | undefined {
    let next: Job | undefined;
    for (const job of this.#jobs) if (next === undefined || job.left < next.left) next = job;
    return next;
  }
}

/** Resolves when a server would be done with what takes it so long and came at `since`. */
export type Pace = (seconds: number, since: number) => Promise<void>;

/** The shared cores on the real clock, that of `performance.now()`. */
export function createPace(speedUps: readonly SpeedUp[]): Pace {
  const cores = new SharedCores(speedUps, performance.now());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const schedule = () => {
    clearTimeout(timer);
    const end = cores.nextEnd();
    if (end === undefined) return;
    timer = setTimeout(() => {
      cores.advance(performance.now());
      schedule();
    }, Math.max(0, end - performance.now()));
  };
  return (seconds, since) =>
    new Promise((finish) => {
      cores.advance(performance.now());
      cores.add(seconds, since, finish);
      schedule();
    });
}

/** Straight lines between the measured numbers at once; beyond the last one it stays. */
export function speedUpAt(speedUps: readonly SpeedUp[], atOnce: number): number {
  let before: SpeedUp = { atOnce: 1, factor: 1 };
  for (const next of speedUps) {
    if (atOnce < next.atOnce) {
      const share = (atOnce - before.atOnce) / (next.atOnce - before.atOnce);
      return before.factor + share * (next.factor - before.factor);
    }
    before = next;
  }
  return before.factor;
}
