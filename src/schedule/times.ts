/** When a scheduled run starts. */

const MINUTES = {
  "5m": 5,
  "10m": 10,
  "15m": 15,
  "20m": 20,
  "30m": 30,
  "1h": 60,
  "2h": 120,
  "3h": 180,
  "4h": 240,
  "6h": 360,
  "8h": 480,
  "12h": 720,
  "1d": 1440,
} as const;

export type Interval = keyof typeof MINUTES;

/** They divide an hour or a day, so that every day is alike: a crontab can say nothing else. */
export const INTERVALS: readonly Interval[] = Object.keys(MINUTES).filter(isInterval);

function isInterval(text: string): text is Interval {
  return Object.hasOwn(MINUTES, text);
}

/** Minutes since midnight of `HH:MM`; undefined for anything else. */
export function parseTimeOfDay(text: string): number | undefined {
  const [, hours = "", minutes = ""] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return minutes === "" ? undefined : Number(hours) * 60 + Number(minutes);
}

export interface Times {
  readonly interval: Interval;
  readonly everyMinutes: number;
  /** Of the first run of a day, in minutes since midnight. */
  readonly firstMinute: number;
  /** The hours of its runs; undefined for every hour. */
  readonly hours: readonly number[] | undefined;
  /** In each of these hours. */
  readonly minutes: readonly number[];
}

/** @param at minutes since midnight; any of the runs of a day, not the first of them only */
export function timesOf(interval: Interval, at = 0): Times {
  const everyMinutes = MINUTES[interval];
  const firstMinute = at % everyMinutes;
  const starts = Array.from(
    { length: 1440 / everyMinutes },
    (_, index) => firstMinute + index * everyMinutes,
  );
  return {
    interval,
    everyMinutes,
    firstMinute,
    hours: everyMinutes <= 60 ? undefined : starts.map((start) => Math.floor(start / 60)),
    minutes: [...new Set(starts.map((start) => start % 60))],
  };
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
