/** The moments around a request: the server has not seen it yet, or has done what it asks. */
export interface Boundary {
  /** Of the run's requests, from 1. */
  readonly nth: number;
  readonly side: "before" | "after";
  /** The request, for messages. */
  readonly name: string;
}

export function boundariesOf(requests: readonly string[]): Boundary[] {
  return requests.flatMap((name, index) => [
    { nth: index + 1, side: "before" as const, name },
    { nth: index + 1, side: "after" as const, name },
  ]);
}

/** Says of an error at which boundary it came. */
export async function withBoundary(
  { nth, side, name }: Boundary,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${side} request ${nth} (${name}): ${reason}`, { cause: error });
  }
}
