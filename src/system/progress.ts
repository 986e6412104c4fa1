import type { Writer } from "./console.ts";
import { number } from "../text.ts";

/** What a run tells somebody who looks on. */
export type Progress =
  /** A step begins. `total`: how many assets it is about, where that is known, if only roughly. */
  | { readonly step: string; readonly total?: number }
  /** The total of the step has become known. */
  | { readonly total: number }
  /** So many more assets of the step are done. */
  | { readonly done: number };

/** Called often, so that it must be quick; never throws. */
export type OnProgress = (progress: Progress) => void;

/** Redrawn no more often than this, in milliseconds; what is over sooner is not shown at all. */
const REDRAW_MS = 200;
/** Before that, speed and time left would only be guessed. */
const ENOUGH_MS = 1000;
/** What a terminal writes behind the line when Ctrl-C is typed. */
const TYPED = "^C".length;

/** One line of a terminal, in which the progress of a run stands as long as nothing else does. */
export interface ProgressLine {
  readonly update: OnProgress;
  /** A writer to the same terminal, which has the line out of the way first. */
  readonly around: (write: Writer) => Writer;
  /** Takes the line away for good. May be called twice. */
  readonly end: () => void;
}

/** Uses only characters that every terminal knows, and no colours. */
export function showProgress(write: Writer, columns: () => number = terminalColumns): ProgressLine {
  let state: State | undefined;
  let shown = "";
  const draw = () => {
    if (state === undefined) return;
    const text = renderProgress(state, performance.now()).slice(0, columns() - 1 - TYPED);
    if (text === shown) return;
    // Over the old line instead of clearing it first, which would flicker.
    const rest = shown === "" ? 0 : Math.max(0, shown.length + TYPED - text.length);
    write(`\r${text}${" ".repeat(rest)}${"\b".repeat(rest)}`);
    shown = text;
  };
  const clear = () => {
    if (shown !== "") write(`\r${" ".repeat(shown.length + TYPED)}\r`);
    shown = "";
  };
  const timer = setInterval(draw, REDRAW_MS);
  const end = () => {
    clearInterval(timer);
    clear();
    for (const event of UNEXPECTED) globalThis.removeEventListener(event, end);
  };
  for (const event of UNEXPECTED) globalThis.addEventListener(event, end);
  return {
    update: (progress) => void (state = nextState(state, progress, performance.now())),
    around: (write) => (text) => {
      clear();
      write(text);
    },
    end,
  };
}

/** After these the process ends with a message of its own. */
const UNEXPECTED = ["error", "unhandledrejection"] as const;

export interface State {
  readonly step: string;
  readonly total: number | undefined;
  readonly done: number;
  /** In milliseconds, of the clock that `now` is of. */
  readonly startedAt: number;
}

export function nextState(state: State | undefined, progress: Progress, now: number): State {
  if ("step" in progress) {
    return { step: progress.step, total: progress.total, done: 0, startedAt: now };
  }
  const current = state ?? { step: "Working", total: undefined, done: 0, startedAt: now };
  return "done" in progress
    ? { ...current, done: current.done + progress.done }
    : { ...current, total: progress.total };
}

/** `Reading the library: 12,000 of 61,101 assets (19 %), 4,000 a second, 12 s left` */
export function renderProgress({ step, total, done, startedAt }: State, now: number): string {
  const elapsed = now - startedAt;
  if (done === 0) return elapsed < ENOUGH_MS ? step : `${step}: ${duration(elapsed)}`;
  // Totals are counted by the server before, and other assets may be read than it has counted.
  const known = total !== undefined && done <= total ? total : undefined;
  const parts = [
    known === undefined
      ? `${step}: ${number(done)} assets`
      : `${step}: ${number(done)} of ${number(known)} assets (${percent(done, known)} %)`,
  ];
  if (elapsed >= ENOUGH_MS) {
    parts.push(`${number(Math.round(done / elapsed * 1000))} a second`);
    if (known !== undefined && known > done) {
      parts.push(`${duration(Math.max(1000, (known - done) / done * elapsed))} left`);
    }
  }
  return parts.join(", ");
}

/** Rounded down, so that 100 % is the end. */
function percent(done: number, total: number): number {
  return Math.floor(done / total * 100);
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80; // some terminals say 0
  } catch {
    return 80; // and some can't be asked
  }
}
