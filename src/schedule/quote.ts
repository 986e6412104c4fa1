/** One word for a POSIX shell, whatever is in it. */
export function quoteForShell(text: string): string {
  return /^[\w./:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** For text and attributes of XML, in ASCII, so that no encoding can spoil it. */
export function escapeXml(text: string): string {
  return text.replace(/[^ !#-%(-;=?-~]/gu, (char) => `&#${char.codePointAt(0)};`);
}
