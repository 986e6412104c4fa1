import { EXIT, EXIT_MEANINGS } from "../exit_code.ts";
import { DESCRIPTION, escapeXml, type Job, NAME, type Schedule } from "./job.ts";
import { quoteForWindows } from "../system/shell.ts";
import { twoDigits } from "./times.ts";

/**
 * A task for `schtasks /Create /XML`, which takes UTF-16 (little endian, with a byte order mark) or
 * the system's own old encoding, and no UTF-8. So the file is written as UTF-16, and its text is
 * ASCII and states no encoding: redirected from a console, it is right in whatever encoding that has.
 * The elements stand in the order of the task schema (MS-TSCH).
 */
export function scheduleByWindows({ program, args, folder, times }: Job): Schedule {
  const file = `${NAME}.xml`;
  const start = `${twoDigits(Math.floor(times.firstMinute / 60))}:${
    twoDigits(times.firstMinute % 60)
  }`;
  const repetition = times.interval === "1d" ? "" : `
      <Repetition>
        <Interval>PT${times.interval.toUpperCase()}</Interval>
        <Duration>P1D</Duration>
      </Repetition>`;
  const argumentsElement = args.length === 0
    ? ""
    : `\n      <Arguments>${escapeXml(args.map(quoteForWindows).join(" "))}</Arguments>`;
  const content = `<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>${escapeXml(`${DESCRIPTION}. ${LAST_RESULT}`)}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <Enabled>true</Enabled>
      <StartBoundary>2020-01-01T${start}:00</StartBoundary>${repetition}
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>Password</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>P1D</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escapeXml(quoteForWindows(program))}</Command>${argumentsElement}
      <WorkingDirectory>${escapeXml(folder)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
  return {
    files: [{ name: file, content, encoding: "utf-16le" }],
    install: (written) =>
      "in a Command Prompt (cmd) run as administrator: " +
      `schtasks /Create /TN ${NAME} /XML ${quoteForWindows(join(written, file))} ` +
      `/RU "%USERNAME%" /RP *` +
      (written === undefined ? " (after writing it, best with --write .)" : ""),
    remove: `schtasks /Delete /TN ${NAME} /F`,
  };
}

/** The task runs whether its user is logged on or not, and its exit code is all that is seen. */
const LAST_RESULT = `Last Run Result: ${
  Object.entries(EXIT_MEANINGS)
    .filter(([code]) => Number(code) <= EXIT.busy)
    .map(([code, meaning]) => `0x${code} ${meaning}`)
    .join("; ")
}. The log file says more.`;

function join(folder: string | undefined, file: string): string {
  return folder === undefined ? file : `${folder.replace(/[\\/]$/, "")}\\${file}`;
}
