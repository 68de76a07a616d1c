import { createHash } from 'node:crypto';
import { jobPrefix } from '../../contracts/names.ts';

/**
 * Name for the jobs of a run: the prefix that roles are scoped to, and a hash of the execution's name. It leaves room for what the
 * machine appends to tell tries and kinds of job apart; `configProblems` sees to it that prefixes are short enough.
 */
export function jobNameOf(platform: string, model: string, execution: string): string {
  return `${jobPrefix(platform, model)}${createHash('sha256').update(execution).digest('hex').slice(0, 16)}`;
}
