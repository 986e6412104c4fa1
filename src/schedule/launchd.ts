import { escapeXml, type Job, NAME, type Schedule } from "./job.ts";
import { quoteForShell } from "../system/shell.ts";
import type { Times } from "./times.ts";

/** An agent of the user, whose runs that fell into the machine's sleep are made up for once. */
export function scheduleByLaunchd({ program, args, folder, times }: Job): Schedule {
  const file = `${NAME}.plist`;
  const target = `~/Library/LaunchAgents/${file}`;
  const content = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${NAME}</string>
  <key>ProgramArguments</key>
  <array>
${[program, ...args].map((arg) => `    <string>${escapeXml(arg)}</string>`).join("\n")}
  </array>
  <key>WorkingDirectory</key>
  <string>${escapeXml(folder)}</string>
  <key>StartCalendarInterval</key>
  <array>
${startsOf(times).map(renderStart).join("\n")}
  </array>
  <key>ProcessType</key>
  <string>Background</string>
</dict>
</plist>
`;
  const from = (folder: string) => `cp ${quoteForShell(`${folder}/${file}`)} ${target} && `;
  return {
    files: [{ name: file, content }],
    install: (written) =>
      (written === undefined ? `write it into ${target}; ` : from(written)) +
      `launchctl bootstrap gui/$(id -u) ${target}`,
    remove: `launchctl bootout gui/$(id -u)/${NAME} && rm ${target}`,
  };
}

interface Start {
  /** Undefined for every hour. */
  readonly hour: number | undefined;
  readonly minute: number;
}

function startsOf({ hours, minutes }: Times): Start[] {
  return (hours ?? [undefined]).flatMap((hour) => minutes.map((minute) => ({ hour, minute })));
}

function renderStart({ hour, minute }: Start): string {
  const hourKey = hour === undefined ? "" : `<key>Hour</key><integer>${hour}</integer>`;
  return `    <dict>${hourKey}<key>Minute</key><integer>${minute}</integer></dict>`;
}
