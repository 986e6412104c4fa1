/**
 * What can't hold on a system is left out by the name of its test, with the reason, which is shown
 * beside it (by leave_out.ts).
 *
 * PROGRAM_SYSTEM says where the program under test runs when that is not this system itself: `wine`
 * (Windows x64 by Wine) or `qemu` (Linux ARM64 by QEMU).
 */

/** By system: reason → names of tests. */
export const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  windows: {},
  wine: {},
  qemu: {},
};

/** What counts for the program under test; Wine is a Windows with faults of its own. */
function systems(): readonly string[] {
  const system = Deno.env.get("PROGRAM_SYSTEM") || Deno.build.os;
  return system === "wine" ? ["windows", "wine"] : [system];
}

/** The reason to leave this test out here, or undefined. */
export function reasonToLeaveOut(name: string): string | undefined {
  for (const system of systems()) {
    for (const [reason, names] of Object.entries(LEFT_OUT[system] ?? {})) {
      if (names.includes(name)) return reason;
    }
  }
  return undefined;
}
