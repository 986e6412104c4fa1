/**
 * What can't hold on a system is left out by the name of its test, with the reason, which is shown
 * beside it (by leave_out.ts).
 *
 * PROGRAM_SYSTEM says where the program under test runs when that is not this system itself: `wine`
 * (Windows x64 by Wine) or `qemu` (Linux ARM64 by QEMU). PROGRAM_RUNTIME is the version of the Deno
 * that is in it, when it is not the one that runs the tests.
 */

/** By system or runtime: reason → names of tests. */
export const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  windows: {
    "Windows has no SIGTERM: it ends a program at once": [
      "SIGTERM during the last request is exit 143, and what that request did is told",
      "exit 143 on SIGTERM while adding: the chunk in flight is finished, no more is sent",
      "exit 143 on SIGTERM while listing, with a summary and nothing changed",
      "SIGTERM in the pause before a write is tried again ends the run at once, with 143",
      "SIGTERM while a write fails is exit 143, for it is not tried again because of it",
      "SIGTERM ends it with 143 and a document",
      "SIGTERM while a channel hangs ends at once with 143, as runs are left",
      "a run that was told to stop pings its end, and does not insist",
      "SIGTERM ends --every within the request under way, or while it waits, with 143",
      "a signal while thumbnails are read ends the reading: the report is made of what there is",
    ],
    "files have no modes on Windows": [
      "init asks, tests, and writes an .env with which check and sync work",
      "init keeps an existing file to the letter but for what it was answered",
      "the report can be read by its owner only, in folders that are made for it",
      "the page is missed.html beside the log, or where --report says, and has pictures",
      "an env file that others can read is a warning",
      "an env file without permission to read it is refused",
      "a key file that others can read is a warning",
      "a key file without permission to read it is refused",
      "a log path that is a file that is read-only is told, and the run goes on",
      "a log path that is in a folder that is read-only is told, and the run goes on",
    ],
    "Windows has no /dev, no /proc and no ulimit": [
      "--env-file with a device without end is refused",
      "check shows the settings of an env file that can be read only once",
      "a log path that is in /proc is told, and the run goes on",
      "a log path that is in /sys is told, and the run goes on",
      "a log path that is /dev/full is left alone, as the console has it all",
      "a log path that is /dev/null is left alone, as the console has it all",
      "a log path that is /dev/stdout is left alone, as the console has it all",
      "where the log is a device, the state is kept in the working folder, and its lack is told",
      "a report that can't be written is wrong usage, told before the server is asked",
      "a log path that is on a full disk is told, and the run goes on",
      "--version > /dev/full says that the output is lost, and is no success",
      "--help > /dev/full says that the output is lost, and is no success",
      "schedule cron --env-file .env > /dev/full says that the output is lost, and is no success",
      "schedule cron --env-file .env --json > /dev/full says that the output is lost, and is no success",
      "check > /dev/full says that the output is lost, and is no success",
      "check --json > /dev/full says that the output is lost, and is no success",
      "sync > /dev/full says that the output is lost, and is no success",
      "sync --json > /dev/full says that the output is lost, and is no success",
    ],
    "Windows has other words for it": [
      "a log path that is too long is told, and the run goes on",
      "a log path that is a link to nowhere is told, and the run goes on",
    ],
    "a name on Windows can't have it": [
      "--env-file with a name that a terminal would obey is refused",
      "a folder whose name no scheduler can hold is refused",
    ],
    "cron, systemd and launchd are not there": [
      "the printed cron line does the sync, silently; a failure it prints",
      "what systemd is told to start does the sync",
      "what launchd is told to start does the sync",
      "schedule puts several env files into one entry",
      "--write makes the folder, says what it wrote, and writes over nothing",
      "a log folder that systemd would not let a run create is named",
      "without --env-file the executable's runs take the .env of its working folder",
    ],
  },
  wine: {
    "Wine's server, as root, can write everywhere": [
      "check warns of a log that can't be written, and makes none",
    ],
    "Wine's console paints anew, and loses keys and Ctrl-C": [
      "check has colours on a terminal, and none with NO_COLOR",
      "Ctrl-C at any question of init writes nothing and exits 130",
      "init asks for mail and health check, reaches both, and sends nothing",
      "init asks for the file of a private CA, and trusts no expired certificate",
      "init stores a self-signed certificate only after a yes",
      "Ctrl-C leaves nothing behind but the log, not even its own ^C",
      "a failure leaves nothing behind but the log",
      "on a terminal one line shows what is done and how much is left, and is gone in the end",
      "progress goes to the terminal when standard output is redirected",
      "the line is cut to the width of the terminal, with room for the ^C of a Ctrl-C",
    ],
  },
  qemu: {
    "this machine starts a program of another processor only through the launcher": [
      "the printed cron line does the sync, silently; a failure it prints",
      "what systemd is told to start does the sync",
      "what launchd is told to start does the sync",
      "without --env-file the executable's runs take the .env of its working folder",
    ],
  },
  "2.7.11": {
    "Deno 2.7.11's node:https breaks connections with a client certificate or a self-signed one": [
      "IMMICH_CA_CERT trusts a plain self-signed certificate of the server",
      "IMMICH_CA_CERT trusts the server's own certificate, whoever issued it, and one marked as a CA",
      "IMMICH_CLIENT_CERT and IMMICH_CLIENT_KEY pass mutual TLS, without them it is refused",
      "init stores a self-signed certificate only after a yes",
      "no debugging variable of the runtime shows a secret",
    ],
    "Deno 2.7.11's node:tls gives no code for why TLS is refused": [
      "mail with a certificate that is not trusted is told and changes no exit code",
      "mail with a certificate for another name is told and changes no exit code",
      "mail with TLS where the server has none is told and changes no exit code",
    ],
    "Deno 2.7.11 says 'too many levels of symbolic links' of a link that leads nowhere": [
      "a log path that is a link to nowhere is told, and the run goes on",
    ],
  },
  "2.7.14": {
    "Deno 2.7.14's node:tls prints a fault of its own to standard output when TLS is refused": [
      "mail with a certificate that is not trusted is told and changes no exit code",
      "mail with a certificate for another name is told and changes no exit code",
      "mail with TLS where the server has none is told and changes no exit code",
    ],
    "Deno 2.7.14 says 'too many levels of symbolic links' of a link that leads nowhere": [
      "a log path that is a link to nowhere is told, and the run goes on",
    ],
  },
};

/** What counts for the program under test; Wine is a Windows with faults of its own. */
function systems(): readonly string[] {
  const system = Deno.env.get("PROGRAM_SYSTEM") || Deno.build.os;
  const runtime = Deno.env.get("PROGRAM_RUNTIME") ?? "";
  return [...system === "wine" ? ["windows", "wine"] : [system], runtime];
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
