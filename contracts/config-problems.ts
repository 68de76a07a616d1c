import type { ModelConfig, PlatformConfig } from './model-config.ts';
import { jobPrefix, stackName } from './names.ts';
import { type Problem, shownValue } from './problems.ts';

/** SageMaker names have 63 characters; the machines append 25 that make each unique. */
const LONGEST_JOB_PREFIX = 38;

/** Everything that would synthesize but not work, found before a template is written. */
export function configProblems(config: PlatformConfig): readonly Problem[] {
  return config.models.flatMap((model, index) => {
    const at = (path: string) => `models[${index}].${path}`;
    return [
      ...nameProblems(config.name, model, at),
      ...servingProblems(model, at),
      ...spotProblems(model, at),
      ...monitoringProblems(model, at),
      ...expressionProblems(model, at),
    ];
  });
}

type At = (path: string) => string;

function nameProblems(platform: string, model: ModelConfig, at: At): readonly Problem[] {
  const problems: Problem[] = [];
  const prefix = jobPrefix(platform, model.name);
  if (prefix.length > LONGEST_JOB_PREFIX)
    problems.push({
      path: at('name'),
      message: `makes SageMaker names too long: platform and model name together may have ${LONGEST_JOB_PREFIX - 2} characters`,
      got: shownValue(`${platform}-${model.name}`),
      fix: `shorten one of them by ${prefix.length - LONGEST_JOB_PREFIX}`,
    });
  if (stackName.model(platform, model.name) === stackName.platform(platform))
    problems.push({
      path: at('name'),
      message: 'is taken by the platform’s own stack',
      got: shownValue(model.name),
      fix: 'choose another name',
    });
  return problems;
}

function servingProblems({ serving }: ModelConfig, at: At): readonly Problem[] {
  return serving.kind === 'realtime'
    ? []
    : [
        {
          path: at('serving.kind'),
          message: 'cannot be deployed yet: the deployment machine knows realtime endpoints only',
          got: shownValue(serving.kind),
          fix: "use 'realtime'",
        },
      ];
}

function spotProblems({ training }: ModelConfig, at: At): readonly Problem[] {
  return training.spot === undefined || training.spot.maxWaitSeconds >= training.maxRuntimeSeconds
    ? []
    : [
        {
          path: at('training.spot.maxWaitSeconds'),
          message: `must hold the training time as well, which may be ${training.maxRuntimeSeconds} s`,
          got: String(training.spot.maxWaitSeconds),
          fix: `raise it to ${training.maxRuntimeSeconds} or more, or lower training.maxRuntimeSeconds`,
        },
      ];
}

const HOURS = { hour: 1, day: 24, week: 168 } as const;

function monitoringProblems({ monitoring }: ModelConfig, at: At): readonly Problem[] {
  const { every, reconcileEvery } = monitoring;
  return HOURS[reconcileEvery] <= HOURS[every]
    ? []
    : [
        {
          path: at('monitoring.reconcileEvery'),
          message: `must not be longer than monitoring.every: verdicts of each ${every} are looked for when requests are counted over`,
          got: shownValue(reconcileEvery),
          fix: `use '${every}', or leave it out for 'hour'`,
        },
      ];
}

/** The config is a literal of the state machines, where a text in `{% %}` would be evaluated. */
function expressionProblems(model: ModelConfig, at: At): readonly Problem[] {
  const found: Problem[] = [];
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'string' && /^\s*\{%/.test(value))
      found.push({
        path: at(path),
        message: 'begins like an expression of Step Functions, which would evaluate it',
        got: shownValue(value),
        fix: 'begin it with another character',
      });
    if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) visit(inner, path === '' ? name : `${path}.${name}`);
  };
  visit(model, '');
  return found;
}
