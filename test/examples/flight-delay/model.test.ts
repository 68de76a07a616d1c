import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { flightDelay } from '../../../examples/flight-delay/model.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

describe('the flight-delay model', () => {
  const model = parseModel(flightDelay);

  it('names a source folder with a training and a serving script', () => {
    for (const script of [model.training.entry, 'inference.py'])
      expect(existsSync(path.join(ROOT, model.training.source, script))).toBe(true);
  });

  it('prefers GPUs and falls back to a CPU', () => {
    expect(model.training.instances.slice(0, -1).every((type) => type.startsWith('ml.g'))).toBe(true);
    expect(model.training.instances.at(-1)).toMatch(/^ml\.m/);
  });

  it('has golden rows with every input column, so that none of them tests how gaps are filled', () => {
    const inputs = model.data.columns.map(({ name }) => name).filter((name) => name !== model.data.target);
    for (const { instance } of model.gates.goldenRows)
      expect(Object.keys(instance).toSorted()).toEqual(inputs.toSorted());
  });
});
