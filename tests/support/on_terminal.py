"""Runs a command on a terminal of its own, and answers its questions.

Usage: on_terminal.py COLUMNS STEPS COMMAND...; STEPS is JSON, a list of {"until": text, "send": text}: each
is sent once its text has been shown since the one before. Prints what the terminal shows, and ends
with the exit code of the command, or with 99 when a text was not shown in time. SIGINT is Ctrl-C
typed at that terminal, which repeats it as ^C.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

WAIT_S = 30


def main():
    columns, steps, command = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
    is_asked = len(steps) > 0
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    signal.signal(signal.SIGINT, lambda *_: os.write(terminal, b"\x03"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    since = b""
    deadline = time.monotonic() + WAIT_S
    while not is_asked or time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not chunk:
                break
            os.write(1, chunk)
            since += chunk
        if steps and steps[0]["until"] in plain(since):
            time.sleep(0.1)  # a prompt is shown a moment before it listens
            os.write(terminal, steps.pop(0)["send"].encode())
            since = b""
            deadline = time.monotonic() + WAIT_S
    else:
        os.kill(child, 9)
    _, status = os.waitpid(child, 0)
    if steps:
        os.write(1, f"\nnever shown: {steps[0]['until']}\n".encode())
        sys.exit(99)
    sys.exit(os.waitstatus_to_exitcode(status) % 256)


def plain(output):
    text = output.decode(errors="replace")
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


main()
