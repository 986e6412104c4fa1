"""Runs a command on a terminal of its own and answers its questions.

Usage: on_terminal.py STEPS COMMAND...; STEPS is a JSON file, a list of {"until": text, "send": text}: each
is sent once its text has been shown since the one before. Prints what the terminal showed, and ends
with the exit code of the command, or with 99 when a text was not shown in time.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

WAIT_S = 30


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        steps = json.load(file)
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    everything, since = b"", b""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:
                break
            if not chunk:
                break
            everything += chunk
            since += chunk
        if steps and steps[0]["until"] in plain(since):
            time.sleep(0.1)  # a prompt is shown a moment before it listens
            os.write(terminal, steps.pop(0)["send"].encode())
            since = b""
            deadline = time.monotonic() + WAIT_S
    else:
        os.kill(child, 9)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(everything.decode(errors="replace"))
    if steps:
        sys.stdout.write("\nnever shown: " + steps[0]["until"] + "\n")
        sys.exit(99)
    sys.exit(os.waitstatus_to_exitcode(status) % 256)


def plain(output):
    text = output.decode(errors="replace")
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


main()
