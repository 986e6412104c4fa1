import { DESCRIPTION, type Job, NAME, type Schedule } from "./job.ts";
import { quoteForShell } from "../system/shell.ts";
import { type Times, twoDigits } from "./times.ts";
import { EXIT } from "../exit_code.ts";
import { UNIX_LOCK_FOLDER } from "../system/lock.ts";

const FOLDER = "/etc/systemd/system";

export function scheduleBySystemd(job: Job): Schedule {
  const [service, timer] = [`${NAME}.service`, `${NAME}.timer`];
  const activate = `systemctl daemon-reload && sudo systemctl enable --now ${timer}`;
  return {
    files: [
      { name: service, content: renderService(job) },
      { name: timer, content: renderTimer(job.times) },
    ],
    install: (written) => {
      if (written === undefined) {
        return `write both files with --write ${FOLDER} as root; sudo ${activate}`;
      }
      if (written === FOLDER) return `sudo ${activate}`;
      const files = [service, timer].map((name) => quoteForShell(`${written}/${name}`)).join(" ");
      return `sudo cp ${files} ${FOLDER}/ && sudo ${activate}`;
    },
    remove: `sudo systemctl disable --now ${timer} && ` +
      `sudo rm ${FOLDER}/${service} ${FOLDER}/${timer} && sudo systemctl daemon-reload`,
  };
}

function renderService({ program, args, folder, writtenFolders, user }: Job): string {
  return `# ${FOLDER}/${NAME}.service
[Unit]
Description=${DESCRIPTION}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
${user === undefined ? "" : `# The owner of the env file.\nUser=${user}\n`}WorkingDirectory=${
    pathValue(folder)
  }
ExecStart=${commandValue(program, args)}
# Another run is under way; told to stop, and the next run completes what this one began.
SuccessExitStatus=${EXIT.busy} ${EXIT.terminated}

# It reads files, speaks to the network and writes its log and its lock, which is all it may do.
NoNewPrivileges=true
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=read-only
# No PrivateTmp: the lock in ${UNIX_LOCK_FOLDER} keeps runs by hand and by timer apart.
ReadWritePaths=${[...new Set([...writtenFolders, UNIX_LOCK_FOLDER])].map(word).join(" ")}
PrivateDevices=true
ProtectClock=true
ProtectControlGroups=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectProc=invisible
RemoveIPC=true
# AF_UNIX and AF_NETLINK are for looking up names.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
SystemCallArchitectures=native
# No MemoryDenyWriteExecute: the JavaScript engine compiles code while it runs.
`;
}

function renderTimer(times: Times): string {
  const hours = times.hours?.map(twoDigits).join(",") ?? "*";
  const minutes = times.minutes.map(twoDigits).join(",");
  return `# ${FOLDER}/${NAME}.timer
[Unit]
Description=${DESCRIPTION}, every ${times.interval}

[Timer]
OnCalendar=*-*-* ${hours}:${minutes}:00
# A run that was missed while the machine was off is made up for.
Persistent=true
RandomizedDelaySec=${Math.min(300, times.everyMinutes * 6)}

[Install]
WantedBy=timers.target
`;
}

/** The rest of a line: only specifiers such as %h mean something. */
function pathValue(path: string): string {
  // White space at the end would be cut off.
  return (/\s$/.test(path) ? `${path}/` : path).replaceAll("%", "%%");
}

/** One of several words. */
function word(text: string): string {
  const escaped = text.replaceAll("%", "%%").replace(/["\\]/g, "\\$&");
  return /^[\w%./:=@+-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/**
 * Systemd refuses a program with quotes or backslashes in its path: a shell may start that one. In
 * a command $NAME is a variable, which a colon before it (systemd 244 and later) turns off.
 */
function commandValue(program: string, args: readonly string[]): string {
  const command = /["'\\]/.test(program)
    ? ["/bin/sh", "-c", 'exec "$0" "$@"', program, ...args]
    : [program, ...args];
  const words = command.map(word);
  return (words.some((each) => each.includes("$")) ? ":" : "") + words.join(" ");
}
