import { createInterface } from 'node:readline/promises';
import type { Io } from './io.ts';

type Terminal<Stream> = Stream & { readonly isTTY?: boolean };

/** `confirm` of an `Io` for a person at a terminal; nothing when input or output is no terminal. Anything but y or yes is no. */
export function confirmAtTerminal(
  input: Terminal<NodeJS.ReadableStream>,
  output: Terminal<NodeJS.WritableStream>,
): Pick<Io, 'confirm'> {
  if (input.isTTY !== true || output.isTTY !== true) return {};
  return { confirm: (question) => ask(question, input, output) };
}

async function ask(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  const lines = createInterface({ input, output });
  try {
    // A terminal that goes away (Ctrl-D) has not agreed to anything.
    const gone = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([lines.question(`${question} [y/N] `), gone])).trim());
  } finally {
    lines.close();
  }
}
