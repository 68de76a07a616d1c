import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Io } from './io.ts';

/** `confirm` of an `Io` for a person at a terminal; nothing when input or output is no terminal. Anything but y or yes is no. */
export function confirmAtTerminal(input: ReadStream, output: WriteStream): Pick<Io, 'confirm'> {
  if (!input.isTTY || !output.isTTY) return {};
  return {
    confirm: async (question) => {
      const lines = createInterface({ input, output });
      try {
        return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
      } finally {
        lines.close();
      }
    },
  };
}
