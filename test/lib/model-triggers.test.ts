import { Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import type { ModelConfigInput } from '../../contracts/model-config.ts';
import { fixtureApp, fixtureModel, inNewFolder } from './fixture-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);

const MODELS: readonly ModelConfigInput[] = [
  fixtureModel,
  { ...fixtureModel, name: 'changing', retraining: { onChange: true } },
];
const [plain, changing] = fixtureApp(folder, MODELS).models.map((stack) => Template.fromStack(stack));
if (plain === undefined || changing === undefined) throw new Error('the fixture has two models');

describe('what asks whether to train', () => {
  test('the alarms on drift, quality and concept drift do, by one rule', () => {
    plain.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: {
          alarmName: ['modelway-late-drift', 'modelway-late-quality', 'modelway-late-concept-drift'],
          state: { value: ['ALARM'] },
        },
      },
      Targets: [
        {
          InputTransformer: {
            InputTemplate: '{"alarm": <alarm>, "prefix": "modelway-late-", "cause": <reason>}',
          },
          DeadLetterConfig: Match.anyValue(),
        },
      ],
    });
  });

  test('no model needs more than three rules, so that a hundred fit the default quota of an event bus', () => {
    plain.resourceCountIs('AWS::Events::Rule', 3);
  });

  test('fairness, gaps and failures do not: more of the same data would not mend them', () => {
    const rules = JSON.stringify(plain.findResources('AWS::Events::Rule'));
    for (const alarm of ['fairness', 'capture-gap', 'monitor-late'])
      expect(rules).not.toContain(`modelway-late-${alarm}`);
  });

  test('an update of the stack does where the policy asks for it', () => {
    const pattern = { EventPattern: { source: ['aws.cloudformation'] } };
    plain.resourcePropertiesCountIs('AWS::Events::Rule', pattern, 0);
    changing.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['UPDATE_COMPLETE'] } },
      },
      Targets: [{ Input: '{"trigger":"change","cause":"the stack was updated"}' }],
    });
  });
});
