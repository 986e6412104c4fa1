import { EXIT } from "../exit_code.ts";
import { type Job, NAME, type Schedule } from "./job.ts";
import { quoteForShell } from "../system/shell.ts";
import type { Times } from "./times.ts";

/**
 * A line for a user's crontab. Cron mails whatever is printed, so that nothing is unless somebody
 * has to look: not for a warning, and not when another run is under way.
 */
export function scheduleByCron({ program, args, folder, times }: Job): Schedule {
  const run = [program, ...args].map(quote).join(" ");
  const command = `cd ${quote(folder)} && ` +
    `{ out=$(${run} 2>&1 >/dev/null) || [ $? -eq ${EXIT.busy} ] || printf '%s\\n' "$out"; }`;
  const file = `${NAME}.cron`;
  return {
    files: [{
      name: file,
      content: `# ${NAME}, every ${times.interval}: prints, and so mails, problems only\n` +
        `${fields(times)} ${command.replaceAll("%", "\\%")}\n`,
    }],
    install: (written) =>
      written === undefined
        ? "crontab -e, and add both lines"
        : `(crontab -l 2>/dev/null; cat ${quoteForShell(`${written}/${file}`)}) | crontab -`,
    remove: "crontab -e, and delete both lines",
  };
}

/**
 * Cron takes the backslash of `\\%` away, and some crons that of `\\\\` too: the quotes are closed
 * and opened again after each one, so that neither stands there.
 */
function quote(text: string): string {
  if (!text.includes("\\")) return quoteForShell(text);
  const inQuotes: Readonly<Record<string, string>> = { "'": "'\\''", "\\": "\\''" };
  return `'${[...text].map((char) => inQuotes[char] ?? char).join("")}'`;
}

function fields({ hours, minutes, everyMinutes, firstMinute }: Times): string {
  const minute = everyMinutes < 60 && firstMinute === 0 ? `*/${everyMinutes}` : minutes.join(",");
  return `${minute} ${hours?.join(",") ?? "*"} * * *`;
}
