import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../rehearsal/play/story-error.ts';
import { storyLog } from '../../../rehearsal/play/story-log.ts';

describe('the log of a story', () => {
  it('keeps the innermost stage that failed as the station', async () => {
    const log = storyLog(() => undefined);
    const story = log.stage('train', () => log.stage('score', () => Promise.reject(new Error('no'))));
    await expect(story).rejects.toThrow('no');
    expect(log.station()).toBe('score');
  });

  it('tells each stage once it ended, with its duration', async () => {
    const told: string[] = [];
    const log = storyLog((line) => told.push(line));
    await log.stage('upload', async () => undefined);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^ +\d+\.\d s {2}upload$/);
    expect(log.stages).toMatchObject([{ name: 'upload' }]);
  });
});

describe('a failure', () => {
  it('says station, cause and log in its last lines', () => {
    const text = describeFailure({ station: 'first training', message: 'role R lacks A on B', log: 'logs/' });
    expect(text.split('\n')).toEqual([
      'rehearsal failed at station: first training',
      '  role R lacks A on B',
      '  log: logs/',
    ]);
  });
});
