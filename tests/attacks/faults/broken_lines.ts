import type { Fault } from "../../emulator/mod.ts";
import type { Blow } from "./blow.ts";

/** Longer than the pauses before two retries can be, shorter than those before three. */
const DOWN_MS = 1100;
/** Far longer than any answer of the emulator takes, even on a busy machine. */
const IMPATIENT_MS = 1500;

function broken(name: string, fault: Fault, more: Partial<Blow> = {}): Blow {
  return {
    name,
    effect: "passes",
    errors: ["ConnectionError"],
    rules: () => [{ fault }],
    ...more,
  };
}

function silent(name: string, fault: Fault, more: Partial<Blow> = {}): Blow {
  return broken(name, fault, { errors: ["TimeoutError"], timeoutMs: IMPATIENT_MS, ...more });
}

/** Connections that are refused, break, or stall. */
export const BROKEN_LINES: readonly Blow[] = [
  broken("connection refused", { kind: "hang" }, {
    retries: 2,
    rules: ({ emulator, lasting }) => [
      {
        fault: {
          kind: "before",
          run: () => {
            const paused = emulator.pause();
            if (!lasting) paused.then(() => setTimeout(() => emulator.resume(), DOWN_MS));
          },
        },
      },
      { fault: { kind: "hang" } },
    ],
    mend: ({ emulator, lasting }) => lasting ? emulator.resume() : undefined,
  }),
  broken("connection reset before the answer", { kind: "reset" }),
  broken("connection reset after the work was done", { kind: "reset" }, {
    rules: () => [{ fault: { kind: "reset" }, handled: true }],
    losesAnswers: true,
  }),
  broken("connection reset inside the body", { kind: "resetInBody" }, {
    losesAnswers: true,
    onPages: true,
  }),
  broken("JSON cut short of its content length", { kind: "cutJson", how: "contentLength" }, {
    losesAnswers: true,
  }),
  broken("JSON cut before the last chunk", { kind: "cutJson", how: "chunked" }, {
    losesAnswers: true,
  }),
  broken("JSON cut, with HTTP in order", { kind: "cutJson", how: "truncated" }, {
    errors: ["AnswerError"],
    losesAnswers: true,
  }),
  silent("no answer, ever", { kind: "hang" }),
  silent("no answer although the work was done", { kind: "hang" }, {
    rules: () => [{ fault: { kind: "hang" }, handled: true }],
    losesAnswers: true,
  }),
  silent("an answer that drips too slowly", { kind: "slowDrip", bytes: 1, everyMs: 1000 }, {
    losesAnswers: true,
  }),
  broken("an answer that drips", { kind: "slowDrip", bytes: 512, everyMs: 5 }, {
    effect: "harmless",
    errors: [],
  }),
  broken("an answer that comes late", { kind: "delay", ms: 50 }, {
    effect: "harmless",
    errors: [],
  }),
];
