import type { CostLine, ModelPlan, PlanDocument } from '../../contracts/plan.ts';

/** A plan for people to read. */
export function planText(plan: PlanDocument): string {
  const { platform } = plan;
  const lines = [
    `Plan of ${platform.name}: ${plan.models.length + 1} stacks`,
    '',
    `${platform.stack}`,
    `  ${counts(platform.resources)}`,
    ...bill(platform.idle, platform.idleMonthly),
    ...plan.models.flatMap(modelLines),
    '',
    `Idle, all together: ${money(plan.idleMonthly)} a month`,
    '',
    'Quotas needed (Service Quotas, SageMaker)',
    ...plan.quotas.map((quota) => `  ${String(quota.needed).padStart(4)}  ${quota.name} (${quota.because})`),
    '',
    `Estimated prices of ${plan.region}, written down ${plan.pricesAsOf} and not checked against AWS since; on demand, without taxes. Requests to endpoints, training data and its storage, and traffic come on top.`,
    '',
  ];
  return lines.join('\n');
}

function modelLines(model: ModelPlan): readonly string[] {
  const { training, largeUploads, monitoring } = model;
  const first = training.instances[0] ?? '';
  const run =
    training.hourly === null
      ? `a run: the price of ${first} is not in the list`
      : `a run: $${training.hourly} an hour on ${first}, at most ${money(training.runAtMost)}${training.spot ? ' (spot: less)' : ''}`;
  return [
    '',
    `${model.stack}: ${model.serving}`,
    `  ${counts(model.resources)}`,
    ...bill(model.idle, model.idleMonthly),
    `  ${run}`,
    `  and ${training.scoring.jobs} batch jobs at ${hourly(training.scoring)} an hour each on ${training.scoring.instance}`,
    `  an upload too large for functions: a processing job at ${hourly(largeUploads)} an hour on ${largeUploads.instance}`,
    ...monitoringText(monitoring),
    ...model.notes.map((note) => `  note: ${note}`),
  ];
}

const hourly = (job: { readonly hourly: number | null }) =>
  job.hourly === null ? 'an unknown price' : `$${job.hourly}`;

/** Compute, requests and storage apart from CloudWatch: the first grows with the windows, the second is there without any. */
function monitoringText(monitoring: ModelPlan['monitoring']): readonly string[] {
  const { windowsPerMonth, countingsPerMonth, hourlyMonthly, runningMonthly, monthlyAtMost, cloudwatchMonthly } =
    monitoring;
  const line = (item: CostLine) => `  ${money(item.monthly).padStart(12)}  ${quantity(item)}`;
  return [
    '  monitoring, if windows of about 1000 requests closed hourly and were counted over hourly',
    ...monitoring.hourly.map(line),
    `  ${money(hourlyMonthly).padStart(12)}  compute, requests and storage a month`,
    `  ${money(runningMonthly).padStart(12)}  with the ${Math.round(windowsPerMonth)} windows of this model, counted over ${Math.round(countingsPerMonth)} times; ${money(monthlyAtMost)} if each window took its whole time limit`,
    ...monitoring.cloudwatch.map(line),
    `  ${money(cloudwatchMonthly).padStart(12)}  CloudWatch a month, however often (counted under idle already)`,
  ];
}

function bill(lines: readonly CostLine[], total: number | null): readonly string[] {
  return [
    ...lines.map((line) => `  ${money(line.monthly).padStart(12)}  ${quantity(line)}`),
    `  ${money(total).padStart(12)}  idle a month`,
  ];
}

function quantity({ what, quantity: many, each }: CostLine): string {
  return `${Number(many.toPrecision(4))} ${what}${each === null ? ', price not in the list' : ` at ${price(each)}`}`;
}

/** Prices of single requests are too small to read. */
const price = (each: number) => (each < 0.0001 ? `$${Number((each * 1e6).toPrecision(6))} a million` : `$${each}`);

function counts(resources: readonly { readonly what: string; readonly count: number }[]): string {
  return resources.map(({ what, count }) => `${count} ${what}`).join(', ');
}

function money(amount: number | null): string {
  if (amount === null) return 'unknown';
  return `$${amount.toFixed(amount > 0 && amount < 0.01 ? 4 : 2)}`;
}
