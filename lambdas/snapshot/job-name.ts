import { createHash } from 'node:crypto';
import { jobPrefix } from '../../contracts/names.ts';
import { ModelwayError } from '../../contracts/problems.ts';

/** SageMaker's limit is 63; the machine appends what distinguishes tries and kinds of job. */
const MOST_CHARACTERS = 56;
const FEWEST_HASH_CHARACTERS = 8;

/**
 * Name for the jobs of a run: the prefix that roles are scoped to, and as much of the execution's hash as fits.
 * @throws ModelwayError when platform and model names leave too little room
 */
export function jobNameOf(platform: string, model: string, execution: string): string {
  const prefix = jobPrefix(platform, model);
  const room = Math.min(16, MOST_CHARACTERS - prefix.length);
  if (room < FEWEST_HASH_CHARACTERS)
    throw new ModelwayError('name-too-long', 'input', [
      {
        path: 'name',
        message: `platform and model name together may have ${MOST_CHARACTERS - FEWEST_HASH_CHARACTERS - 2} characters`,
        got: `${platform}, ${model}`,
        fix: 'shorten one of them',
      },
    ]);
  return `${prefix}${createHash('sha256').update(execution).digest('hex').slice(0, room)}`;
}
