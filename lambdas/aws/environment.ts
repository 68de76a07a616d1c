import { type Environment, EnvironmentSchema } from '../../contracts/functions.ts';
import { parseOrThrow } from '../../contracts/problems.ts';

/**
 * The environment the template gives every handler, checked once per start of a function.
 * @throws ModelwayError `invalid-environment` naming every variable that is missing
 */
export function environment(variables: Readonly<Record<string, string | undefined>> = process.env): Environment {
  return parseOrThrow(EnvironmentSchema, variables, 'invalid-environment');
}
