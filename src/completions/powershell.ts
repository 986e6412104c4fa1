import { type Completed, type CompletedCommand, optionsOf, optionsWithValue } from "./model.ts";

/** For PowerShell 5.1 and 7. Where nothing is offered, it offers files by itself. */
export function renderPowershell(all: Completed): string {
  const list = (items: readonly (readonly [text: string, tip: string])[]) =>
    items.map(([text, tip]) => `      @(${quote(text)}, ${quote(tip)})`).join("\n");
  const offered = (command?: CompletedCommand) =>
    list([
      ...command === undefined
        ? all.commands.map(({ name, description }) => [name, description] as const)
        : command.words.map((word) => [word, word] as const),
      ...optionsOf(all, command).flatMap(({ names, description }) =>
        names.map((name) => [name, description] as const)
      ),
    ]);
  const values = optionsWithValue(all).flatMap(({ names, value }) =>
    names.map((name) =>
      `    ${quote(name)} = @(${value.kind === "words" ? value.words.map(quote).join(", ") : ""})`
    )
  );
  return `# Completion for PowerShell. Keep it:  ${all.program} completions powershell >> $PROFILE
Register-ArgumentCompleter -Native -CommandName ${quote(all.program)}, ${
    quote(`${all.program}.exe`)
  } -ScriptBlock {
  param($word, $commandAst, $cursor)
  $values = @{
${values.join("\n")}
  }
  $offered = @{
    '' = @(
${offered()}
    )
${
    all.commands.map((command) => `    ${quote(command.name)} = @(\n${offered(command)}\n    )`)
      .join("\n")
  }
  }
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
      Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.Extent.Text })
  $command = ''
  for ($i = 0; $i -lt $words.Count; $i++) {
    if ($values.ContainsKey($words[$i])) { $i++; continue }
    if ($words[$i] -ne '' -and $offered.ContainsKey($words[$i])) { $command = $words[$i]; break }
  }
  $before = if ($words.Count -gt 0) { $words[-1] } else { '' }
  $found = if ($values.ContainsKey($before)) {
    $values[$before] | ForEach-Object { , @($_, $_) }
  } else {
    $offered[$command]
  }
  $found | Where-Object { $_[0].StartsWith($word) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
  }
}
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
