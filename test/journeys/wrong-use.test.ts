import { describe, expect, it } from 'vitest';
import { modelway } from './run-modelway.ts';

describe('a rehearsal that cannot begin', () => {
  it('says which models there are when the name is unknown', async () => {
    const ended = await modelway(['rehearse', '--model', 'weather']);
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('flight-delay');
  });

  it('says how to make an assembly when the folder that was named holds none', async () => {
    const ended = await modelway(['rehearse', '--assembly', 'no/such/folder']);
    expect(ended.code).toBe(2);
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(ended.err).toMatch(/--assembly.*npm run synth/);
  });
});
