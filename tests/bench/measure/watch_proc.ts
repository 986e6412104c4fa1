/**
 * Runs a command and writes what it needed into a file, as `time -f "%e %U %S %M"` would; for
 * systems without it. Looks at /proc until the command ends, so that its last 10 ms are not seen.
 */
const TICKS_PER_SECOND = 100;

const [file = "", command = "", ...args] = Deno.args;
const started = performance.now();
const child = new Deno.Command(command, {
  args,
  stdin: "null",
  stdout: "inherit",
  stderr: "inherit",
}).spawn();
let last = "0 0 0";
const timer = setInterval(() => last = look(child.pid) ?? last, 10);
const { code } = await child.status;
clearInterval(timer);
Deno.writeTextFileSync(file, `${(performance.now() - started) / 1000} ${last}\n`);
Deno.exit(code);

/** User and system seconds and the peak in KiB; undefined when it has ended. */
function look(pid: number): string | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // After the name, which is in brackets and may have any character, the state is field 3.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user = 0, system = 0] = fields.slice(11, 13).map((ticks) => +ticks / TICKS_PER_SECOND);
    const peak = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
    return peak === undefined ? undefined : `${user} ${system} ${peak}`;
  } catch {
    return undefined; // ended meanwhile
  }
}
