/** The exit codes of the process; names and numbers are a contract with whoever starts it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  refused: 4,
  busy: 5,
  /** 128 and the number of the signal, as shells have it. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = typeof EXIT[keyof typeof EXIT];
/** What a signal ends a run with. */
export type StopExitCode = typeof EXIT.interrupted | typeof EXIT.terminated;

/** Of each, what it means. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: "done, even if there was nothing to do",
  1: "failed: server, network, report, or something unexpected",
  2: "wrong usage or configuration",
  3: "done, but some assets could not be added or removed",
  4: "refused by a guard; nothing was changed",
  5: "another run of this album is under way",
  130: "interrupted by Ctrl-C",
  143: "stopped by SIGTERM",
};

/** Whether a signal has ended it. */
export function isStopped(code: ExitCode): boolean {
  return code === EXIT.interrupted || code === EXIT.terminated;
}

/** Whether somebody has to look: a run failed, was done in part, or was refused. */
export function needsPerson(code: number): boolean {
  const codes: readonly number[] = [EXIT.failed, EXIT.partial, EXIT.refused];
  return codes.includes(code);
}

/** From bad to good, of several runs in one process; a signal is the end of all. */
const WORST_FIRST: readonly ExitCode[] = [
  EXIT.terminated,
  EXIT.interrupted,
  EXIT.failed,
  EXIT.usage,
  EXIT.partial,
  EXIT.refused,
  EXIT.busy,
  EXIT.ok,
];

/** What a process ends with that has made several runs. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.ok;
}
