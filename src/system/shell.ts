/** Words of a command line, quoted so that each stays one whatever is in it. */

/** For a POSIX shell. */
export function quoteForShell(text: string): string {
  return /^[\w./:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** As programs of Windows take their command line apart. */
export function quoteForWindows(text: string): string {
  if (/^[^\s"]+$/.test(text)) return text;
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** For a command that somebody is to type on a machine like this one. */
export function quoteHere(text: string): string {
  return Deno.build.os === "windows" ? quoteForWindows(text) : quoteForShell(text);
}
