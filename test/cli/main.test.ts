import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { COMMANDS, NOT_YET } from '../../cli/commands.ts';
import { runCli } from './run-cli.ts';

const run = (...typed: readonly string[]) => runCli(typed, tmpdir());

describe('the command line', () => {
  test('names every command it has when asked for nothing or for help', async () => {
    for (const typed of [[], ['help'], ['--help'], ['-h']]) {
      const { code, out, err } = await run(...typed);
      expect(code).toBe(0);
      expect(err).toBe('');
      for (const command of COMMANDS) expect(out).toContain(`  ${command.name}`);
    }
  });

  test('explains every option of every command', async () => {
    for (const command of COMMANDS) {
      const { code, out } = await run('help', command.name);
      expect(code).toBe(0);
      for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
      expect(await run(command.name, '--help')).toEqual({ code: 0, out, err: '' });
    }
  });

  test('answers an unknown command with the ones there are, and exit code 2', async () => {
    const { code, out, err } = await run('plann');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(
      `modelway: there is no such command (got plann); use one of: ${COMMANDS.map((command) => command.name).join(', ')}\n`,
    );
  });

  test('answers an unknown option or a file where none is taken with the usage, and exit code 2', async () => {
    for (const typed of [
      ['plan', '--jsn'],
      ['plan', 'file.csv'],
      ['plan', '--config'],
    ]) {
      const { code, out, err } = await run(...typed);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('use it as: modelway plan [--config FILE] [--json]');
    }
  });

  test('is honest about commands that are not there yet, and says what to do instead', async () => {
    for (const [name, instead] of Object.entries(NOT_YET)) {
      const { code, err } = await run(name, 'x');
      expect(code).toBe(2);
      expect(err).toContain(`no command ${name} yet`);
      expect(err).toContain(instead);
      expect(COMMANDS.map((command) => command.name)).not.toContain(name);
    }
  });
});
