import type { Command } from './command.ts';
import { COMMANDS, NOT_YET } from './commands.ts';

/** What `modelway` and `modelway help` print. */
export function overview(): string {
  const width = Math.max(...COMMANDS.map((command) => command.name.length));
  return [
    'Modelway takes a machine-learning model from uploaded data to monitored production on AWS, and back to retraining.',
    '',
    'Usage: modelway COMMAND [OPTIONS]',
    '',
    ...COMMANDS.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'modelway help COMMAND says more of one. Results go to stdout, progress to stderr.',
    'Exit codes: 0 fine, 1 "no" (drift found, invalid data, a rehearsal that failed), 2 wrong use or broken input.',
    `Not there yet: ${Object.keys(NOT_YET).join(', ')}.`,
    '',
  ].join('\n');
}

/** What `modelway help COMMAND` prints. */
export function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `;
    const value = option.value === undefined ? '' : ` ${option.value}`;
    return [`${short}--${name}${value}`, option.description] as const;
  });
  const width = Math.max(0, ...options.map(([spelled]) => spelled.length));
  return [
    `modelway ${command.name} ${command.usage}`.trimEnd(),
    '',
    `${command.name} ${command.summary}`,
    '',
    ...options.map(([spelled, description]) => `  ${spelled.padEnd(width)}  ${description}`),
    '',
  ].join('\n');
}
