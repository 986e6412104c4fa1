/** What a terminal shows after this output, its lines without the spaces at their ends. */
export function screenAfter(output: string): string[] {
  const lines: string[][] = [[]];
  let column = 0;
  // deno-lint-ignore no-control-regex
  for (const [token] of output.matchAll(/\x1b\[(\d*)([A-Za-z])|[^]/gu)) {
    const line = lines.at(-1) ?? [];
    if (token === "\n") lines.push([]);
    else if (token === "\r" || token.endsWith("[0G")) column = 0;
    else if (token === "\b") column = Math.max(0, column - 1);
    else if (/\[2K$/.test(token)) line.length = 0;
    else if (/\[0?[JK]$/.test(token)) line.length = Math.min(line.length, column);
    else if (token.length > 1 && token.startsWith("\x1b")) throw new Error(JSON.stringify(token));
    else line[column++] = token;
  }
  const texts = lines.map((line) => Array.from(line, (char) => char ?? " ").join("").trimEnd());
  return texts.filter((text) => text !== "");
}
