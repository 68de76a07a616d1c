/** One check of the whole checkout: a command that ends with 0 when all is well. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** The rooms whose imports are checked. */
export const ROOMS = [
  'bench',
  'bin',
  'cli',
  'contracts',
  'core',
  'examples',
  'lambdas',
  'lib',
  'rehearsal',
  'scripts',
  'test',
];

/** What `npm run check` runs; `npm test` counts each as one test. */
export const CHECKS: readonly Check[] = [
  { name: 'format and lint (biome)', command: 'biome', args: ['ci', '--colors=off', '--error-on-warnings', '.'] },
  { name: 'types (tsc)', command: 'tsc', args: ['-p', 'tsconfig.json', '--pretty', 'false'] },
  {
    name: 'types of contracts and core, exact optional properties (tsc)',
    command: 'tsc',
    args: ['-p', 'tsconfig.strict.json', '--pretty', 'false'],
  },
  {
    name: 'imports of the rooms (dependency-cruiser)',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', '--no-progress', ...ROOMS, 'modelway.config.ts'],
  },
  { name: 'dead files, exports and dependencies (knip)', command: 'knip', args: ['--no-progress'] },
];
