import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { captureHourPrefix, inboxPrefix, lakePrefix, modelOfInboxKey } from '../../contracts/keys.ts';
import { parsePlatform } from '../../contracts/model-config.ts';
import { ALARMS, alarmName, deploymentSpecName, endpointName, MACHINES, machineName } from '../../contracts/names.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
const modelName = fc
  .array(word, { minLength: 1, maxLength: 6 })
  .map((words) => words.join('-'))
  .filter((name) => name.length >= 2 && name.length <= 40);

describe('names and keys', () => {
  test('find the model an upload belongs to, for every model name and file name', () => {
    fc.assert(
      fc.property(
        modelName,
        fc.string({ minLength: 1 }).filter((name) => !/[\n\r\u2028\u2029]/.test(name)),
        (model, file) => {
          expect(modelOfInboxKey(`${inboxPrefix(model)}${file}`)).toBe(model);
        },
      ),
    );
  });

  test('find no model in keys outside the inbox, or in the inbox folder itself', () => {
    for (const key of ['datasets/churn/x', 'inbox/churn', 'inbox/churn/', 'inbox//x', 'x/inbox/churn/y'])
      expect(modelOfInboxKey(key), key).toBeUndefined();
  });

  test('keep the folders of two models apart, so that a role for one reaches nothing of the other', () => {
    fc.assert(
      fc.property(modelName, modelName, (one, other) => {
        fc.pre(one !== other);
        for (const folder of Object.values(lakePrefix)) expect(folder(other).startsWith(folder(one))).toBe(false);
      }),
    );
  });

  test('stay within the lengths AWS allows for the longest platform and model', () => {
    const [platform, model] = ['p'.repeat(20), 'm'.repeat(40)];
    for (const kind of MACHINES) expect(machineName(platform, model, kind).length).toBeLessThanOrEqual(80);
    for (const alarm of ALARMS) expect(alarmName(platform, model, alarm).length).toBeLessThanOrEqual(255);
    expect(endpointName(platform, model).length).toBeLessThanOrEqual(63);
    expect(deploymentSpecName(platform, model).length).toBeLessThanOrEqual(1011);
  });

  test('name the capture folder by UTC hour, as SageMaker does', () => {
    expect(captureHourPrefix('churn', 'modelway-churn', 'AllTraffic', new Date('2001-03-04T05:59:59Z'))).toBe(
      'capture/churn/modelway-churn/AllTraffic/2001/03/04/05/',
    );
  });

  test('are refused for two models of one name', () => {
    const model = {
      name: 'churn',
      data: { columns: [{ name: 'left', kind: 'boolean' }], target: 'left' },
      training: { source: 't', instances: ['ml.m5.large'] },
      serving: { kind: 'batch', instanceType: 'ml.m5.large' },
    };
    expect(() => parsePlatform({ models: [model, model] })).toThrow(
      /models\[1\]\.name: two models are named churn; rename one/,
    );
  });
});
