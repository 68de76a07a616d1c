import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { confirmAtTerminal } from '../../cli/confirm.ts';

const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });

describe('asking a person', () => {
  test.each([
    ['y\n', true],
    [' YES \n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
  ])('%j means %s', async (typed, agreed) => {
    const [input, output] = [stream(true), stream(true)];
    const { confirm } = confirmAtTerminal(input, output);
    input.write(typed);
    expect(await confirm?.('start it?')).toBe(agreed);
    expect(String(output.read())).toContain('start it? [y/N] ');
  });

  test('is no when the input ends without an answer', async () => {
    const input = stream(true);
    const { confirm } = confirmAtTerminal(input, stream(true));
    input.end();
    expect(await confirm?.('start it?')).toBe(false);
  });

  test.each([
    [true, false],
    [false, true],
  ])('is not possible where input is a terminal: %s, and output: %s', (input, output) => {
    expect(confirmAtTerminal(stream(input), stream(output))).toEqual({});
  });
});
