/** Ways to start the program in a situation that a test can't make otherwise. */

interface Launching {
  readonly launcher?: readonly string[];
  /** Where it can't be done. */
  readonly ignore?: boolean;
}

/**
 * Root may read and write every file. Without these two powers the modes of files count for it,
 * too, and nothing else is changed: tests of denied permissions run as root all the same.
 */
export const WITHOUT_ROOT_POWERS: Launching = Deno.build.os === "windows"
  ? { ignore: true }
  : Deno.uid() === 0
  ? {
    launcher: ["setpriv", "--bounding-set=-dac_override,-dac_read_search"],
    ignore: !hasCommand("setpriv"),
  }
  : {};

/** What a full disk does, for every file of this process: nothing can be written any more. */
export const ON_A_FULL_DISK: Launching = {
  launcher: ["sh", "-c", `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`],
  // The limit would strike the files of a coverage run too.
  ignore: Deno.build.os === "windows" || Deno.env.has("DENO_COVERAGE_DIR"),
};

function hasCommand(name: string): boolean {
  try {
    return new Deno.Command(name, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}
