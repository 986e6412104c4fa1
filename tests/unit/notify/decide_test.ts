import assert from "node:assert/strict";
import fc from "fast-check";
import { decide, type News, type TellingRules } from "../../../src/notify/decide.ts";
import { NO_STATE, type State } from "../../../src/notify/state.ts";
import { summaryOfWrongUsage } from "../../../src/sync/summary.ts";
import type { Summary } from "../../../src/sync/summary.ts";

/** Enough for the rare orders of events. */
const RUNS = { numRuns: 2000 };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Runs are never quite as far apart as they are to be. */
const ALMOST = 0.99;
const START = Date.UTC(2026, 0, 1);
const EMPTY = summaryOfWrongUsage({ name: "none", message: "", hint: "" }, false);

/** How a run ended: well, interrupted, or with a reason for a person to look. */
type End = "ok" | "interrupted" | "partial" | "guard" | "ErrorA" | "ErrorB";

const SUMMARIES: Readonly<Record<End, Summary>> = {
  ok: { ...EMPTY, status: "ok", exitCode: 0, error: null },
  interrupted: { ...EMPTY, exitCode: 143, error: { name: "Interrupted", message: "", hint: "" } },
  partial: { ...EMPTY, status: "partial", exitCode: 3, error: null },
  guard: {
    ...EMPTY,
    status: "refused",
    exitCode: 4,
    error: null,
    guard: { name: "MAX_ADD", message: "" },
  },
  ErrorA: { ...EMPTY, exitCode: 1, error: { name: "ErrorA", message: "", hint: "" } },
  ErrorB: { ...EMPTY, exitCode: 1, error: { name: "ErrorB", message: "", hint: "" } },
};
const BAD: readonly End[] = ["partial", "guard", "ErrorA", "ErrorB"];

interface Step {
  readonly end: End;
  /** By how much the clock has moved since the run before. */
  readonly clock: number;
  /** Whether a channel took the news. */
  readonly reached: boolean;
  /** Whether the state was lost before this run. */
  readonly lost: boolean;
}

interface Told extends Step {
  readonly now: number;
  readonly news: News | undefined;
}

/** Lets the runs happen one after the other, as the program does. */
function happen(steps: readonly Step[], rules: TellingRules): Told[] {
  let state: State = NO_STATE;
  let now = START;
  return steps.map((step) => {
    now += step.clock;
    if (step.lost) state = NO_STATE;
    const decision = decide(state, SUMMARIES[step.end], now, rules);
    state = decision.news !== undefined && step.reached ? decision.told : decision.untold;
    return { ...step, now, news: decision.news };
  });
}

const rulesOf = (remind: fc.Arbitrary<number>): fc.Arbitrary<TellingRules> =>
  fc.record({ after: fc.integer({ min: 1, max: 4 }), remindMs: remind, recovery: fc.boolean() });
const rules = rulesOf(fc.constantFrom(0, HOUR, DAY));

function stepsWith(more: { clock?: fc.Arbitrary<number>; lost?: boolean; reached?: boolean }) {
  const whole: readonly End[] = ["ok", "interrupted", ...BAD];
  return fc.array(
    fc.record({
      end: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom<End>("ErrorA", "ok") },
        fc.constantFrom(...whole),
      ),
      clock: more.clock ?? fc.oneof(
        fc.integer({ min: 1, max: 2 * DAY }),
        fc.constantFrom(HOUR, DAY, -HOUR, -400 * DAY, 400 * DAY),
      ),
      reached: more.reached === undefined ? fc.boolean() : fc.constant(more.reached),
      lost: more.lost === false
        ? fc.constant(false)
        : fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { maxLength: 40, size: "max" },
  );
}

/** The runs from one end of all trouble to the next, and from one loss of the state to the next. */
function episodes(told: readonly Told[]): Told[][] {
  const all: Told[][] = [[]];
  for (const step of told) {
    if (step.lost) all.push([]);
    all.at(-1)?.push(step);
    if (step.end === "ok" && (step.news === undefined || step.reached)) all.push([]);
  }
  return all;
}

const isTelling = ({ news, reached }: Told) => reached && news !== undefined;

Deno.test("no trouble is told more often than NOTIFY_REMIND, whatever the clock does", () => {
  fc.assert(
    fc.property(stepsWith({}), rules, (steps, each) => {
      for (const episode of episodes(happen(steps, each))) {
        for (const reason of BAD) {
          const times = episode.flatMap((step, at) =>
            isTelling(step) && step.end === reason ? [at] : []
          );
          for (const [n, at] of times.slice(1).entries()) {
            const from = times[n] ?? 0;
            // What the clock went forward; going back gives nobody time.
            const passed = episode.slice(from + 1, at + 1)
              .reduce((sum, { clock }) => sum + Math.max(0, clock), 0);
            assert.ok(passed >= each.remindMs * ALMOST, `${reason}: ${passed} ms`);
          }
        }
      }
    }),
    RUNS,
  );
});

Deno.test("no trouble that lasts goes untold", () => {
  fc.assert(
    fc.property(stepsWith({}), rules, (steps, each) => {
      for (const episode of episodes(happen(steps, each))) {
        const tellings = new Map<End, number>();
        let runs = 0;
        for (const [at, step] of episode.entries()) {
          if (!BAD.includes(step.end)) continue;
          runs++;
          if (isTelling(step)) tellings.set(step.end, at);
          const before = tellings.get(step.end);
          if (runs < each.after || step.news !== undefined) continue;
          assert.ok(before !== undefined, `${step.end} is silent in run ${runs}`);
          const since = episode.slice(before, at + 1);
          const lowest = Math.min(...since.map(({ now }) => now));
          assert.ok(step.now - lowest < each.remindMs, `${step.end} is due again`);
        }
      }
    }),
    RUNS,
  );
});

Deno.test("told trouble that ends is told to have ended exactly once, other trouble never", () => {
  fc.assert(
    fc.property(stepsWith({}), rules, (steps, each) => {
      const all = happen(steps, each);
      for (const episode of episodes(all)) {
        const recoveries = episode.filter((step) =>
          isTelling(step) && step.news?.event === "recovery"
        );
        const wasTold = episode.some((step) => isTelling(step) && step.end !== "ok");
        const hasEnded = episode.at(-1)?.end === "ok" && (episode.at(-1)?.reached ?? false);
        const expected = each.recovery && wasTold && hasEnded ? 1 : 0;
        assert.equal(recoveries.length, expected);
      }
      for (const { end, news } of all) {
        assert.equal(news?.event === "recovery", end === "ok" && news !== undefined);
      }
    }),
    RUNS,
  );
});

Deno.test("NOTIFY_REMIND=0 tells of each run that needs a person, as the Python script did", () => {
  fc.assert(
    fc.property(stepsWith({}), (steps) => {
      for (const { end, news } of happen(steps, { after: 1, remindMs: 0, recovery: false })) {
        assert.equal(news !== undefined, BAD.includes(end));
      }
    }),
    RUNS,
  );
});

Deno.test("news says since when and how many runs in a row needed a person", () => {
  const hourly = (end: End): Step => ({ end, clock: HOUR, reached: true, lost: false });
  const ends: readonly End[] = ["ok", "ErrorA", "ErrorA", "interrupted", "ErrorB", "ok", "ok"];
  const told = happen(ends.map(hourly), { after: 2, remindMs: DAY, recovery: true });
  const since = START + 2 * HOUR;
  assert.deepEqual(told.map(({ news }) => news), [
    undefined,
    undefined,
    { event: "trouble", since, runs: 2 },
    undefined,
    { event: "trouble", since, runs: 3 },
    { event: "recovery", since, runs: 3 },
    undefined,
  ]);
});

Deno.test("a server that is down over a weekend is told four times: at once, twice more, and its end", () => {
  const ends = [...new Array<End>(60).fill("ErrorA"), "ok" as const];
  const told = happen(
    ends.map((end) => ({ end, clock: HOUR, reached: true, lost: false })),
    { after: 1, remindMs: DAY, recovery: true },
  );
  assert.deepEqual(told.flatMap(({ news }) => news === undefined ? [] : [news.event]), [
    "trouble",
    "reminder",
    "reminder",
    "recovery",
  ]);
});

Deno.test("a daily run that fails is reminded of daily, also when it ends some minutes earlier", () => {
  const minutes = [180, 175, 178, 174, 190, 170].map((seconds) => seconds * 1000);
  const told = happen(
    minutes.map((late, day) => ({
      end: "ErrorA",
      clock: day === 0 ? late : DAY + late - (minutes[day - 1] ?? 0),
      reached: true,
      lost: false,
    })),
    { after: 1, remindMs: DAY, recovery: true },
  );
  const reminders = new Array(5).fill("reminder");
  assert.deepEqual(told.map(({ news }) => news?.event), ["trouble", ...reminders]);
});
