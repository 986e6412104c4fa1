/** A line of figures for those who run the tests; deno shows it as the output of the test. */
export async function print(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
