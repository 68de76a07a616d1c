/** The only files of core that touch the disk or DuckDB; everything else there computes. */
const CORE_EDGES = {
  from: [
    '^core/duckdb\\.ts$',
    '^core/intake/(read-into|write-parts|without-rows|quarantine-file|read/(bytes|zstd-frames|dictionary-texts))\\.ts$',
    '^core/intake/(folder/validate-folder|repeats/repeated-keys|shards/(row-spool|validate-shard))\\.ts$',
    '^core/(lineage/file-hash|snapshot/freeze-snapshot)\\.ts$',
  ],
  to: ['^(node:)?fs(/promises)?$', '^node_modules/@duckdb/'],
};

/** What each room may import (README, "The rooms"). Everything that is not listed for a room is a breach. */
const ROOMS = {
  contracts: {
    may: ['^contracts/', '^node_modules/zod/'],
    because: 'contracts are shared by every room, so whatever they import, everybody imports',
  },
  core: {
    may: [
      '^(contracts|core)/',
      '^node_modules/(zod|@marcbachmann/cel-js)/',
      '^(node:)?(buffer|crypto|events|path|stream|stream/promises|zlib)$',
      ...CORE_EDGES.to,
    ],
    because: 'core decides and computes; clocks, networks and AWS are passed in by the shell around it',
  },
  lambdas: {
    may: ['^(contracts|core|lambdas)/', '^node_modules/(@aws-sdk|@smithy|zod|@types/aws-lambda)/', 'builtin'],
    because:
      'handlers parse, gather, decide, write and announce; declaring (lib) and playing (rehearsal) happen elsewhere',
  },
  lib: {
    may: ['^(contracts|lib)/', '^core/config/', '^node_modules/(aws-cdk-lib|constructs|esbuild|zod)/', 'builtin'],
    because:
      'the construct library declares; it reaches handlers as bundles, never as modules, and core only to refuse a config that cannot work',
  },
  rehearsal: {
    may: ['^(contracts|rehearsal)/', '^node_modules/(@aws-sdk|@smithy|jsonata|zod)/', 'builtin'],
    because: 'the rehearsal reads the cloud assembly as data, so that what it runs is what would be deployed',
  },
  cli: {
    may: ['^(contracts|core|cli|rehearsal)/', '^node_modules/(@aws-sdk|zod)/', 'builtin'],
    because: 'the command line shows what core computes and starts rehearsals; it declares nothing',
  },
  examples: {
    may: ['^(contracts|examples)/', '^node_modules/(@duckdb|vega-datasets)/', 'builtin'],
    because: 'an example is what a user would write: contracts, and what prepares its data',
  },
};

const rooms = Object.entries(ROOMS).map(([room, { may, because }]) => ({
  name: `${room}-imports`,
  comment: `${room}/ may import ${may.join(', ')}: ${because}`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    pathNot: may.filter((path) => path !== 'builtin'),
    ...(may.includes('builtin') ? { dependencyTypesNot: ['core'] } : {}),
  },
}));

export default {
  forbidden: [
    ...rooms,
    {
      name: 'core-edges',
      comment: 'files and DuckDB are reached in a few named files of core, so that the rest needs neither to be tested',
      severity: 'error',
      from: { path: '^core/', pathNot: CORE_EDGES.from },
      to: { path: CORE_EDGES.to },
    },
    {
      name: 'no-cycle',
      comment: 'modules that need each other at run time cannot be loaded, tested or moved one at a time',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'an import that leads nowhere fails at run time',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-another-handler',
      comment:
        'a handler that needs another one shares code through core or lambdas/aws, or the state machine calls both',
      severity: 'error',
      from: { path: '^lambdas/([^/]+)/', pathNot: '^lambdas/aws/' },
      to: { path: '^lambdas/', pathNot: ['^lambdas/aws/', '^lambdas/$1/'] },
    },
    {
      name: 'bin-is-thin',
      comment: 'bin/app.ts starts lib, bin/modelway.ts starts cli; nothing is decided there',
      severity: 'error',
      from: { path: '^bin/' },
      to: {
        pathNot: ['^(lib|cli|contracts|scripts/install)/', '^modelway\\.config\\.ts$', '^node_modules/aws-cdk-lib/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'test-is-last',
      comment: 'what runs in production must not need the tests or the project’s scripts; benchmarks may',
      severity: 'error',
      from: { pathNot: ['^(test|bench|scripts)/', '^bin/bootstrap\\.mjs$'] },
      to: { path: ['^test/', '^scripts/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(cdk\\.out|\\.build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
