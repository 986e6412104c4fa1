import { hasCommand, leftOut } from "./tools.ts";

/**
 * Starts a command on a terminal of its own, of so many columns, and copies what it writes there.
 * SIGINT is Ctrl-C typed at that terminal, which repeats it as ^C.
 */
const ON_TERMINAL = `
import fcntl, os, pty, signal, struct, sys, termios
columns, command = int(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
signal.signal(signal.SIGINT, lambda *_: os.write(terminal, b"\\x03"))
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

/** For {@link ProgramOptions.launcher}. */
export function onTerminal(columns = 80): readonly string[] {
  return ["python3", "-c", ON_TERMINAL, String(columns)];
}

const IS_THERE = await hasCommand("python3");

/** A test that needs a terminal, which python3 makes. */
export function testOnTerminal(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + leftOut(IS_THERE, "python3"), ignore: !IS_THERE, fn });
}
