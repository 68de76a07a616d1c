import { dirname } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describeProblem, ModelwayError } from '../contracts/problems.ts';
import { ModelwayPlatform } from '../lib/platform.ts';
import config from '../modelway.config.ts';

try {
  const app = new App({ analyticsReporting: false });
  new ModelwayPlatform(app, 'Modelway', { config, folder: dirname(import.meta.dirname) });
  app.synth();
} catch (error) {
  // What a user can mend is told line by line; a stack trace would hide it.
  if (!(error instanceof ModelwayError)) throw error;
  for (const problem of error.problems) process.stderr.write(`${error.code}: ${describeProblem(problem)}\n`);
  process.exitCode = 2;
}
