import type { Column } from '../../contracts/data-schema.ts';
import type { MonitorFiles } from './monitor-files.ts';

/** Longer lists of values are a sample of the world and no rule. */
const MOST_VALUES = 50;

/**
 * What of Model Monitor's files belongs into a model's config, as TypeScript to paste: columns with their kinds and rules, and
 * monitoring settings. Its thresholds have no counterpart; a comment says what takes their place.
 */
export function configSnippet(files: MonitorFiles): string {
  const columns = importedColumns(files).map((column) => `    ${objectText(column)},`);
  return [
    '// From Model Monitor’s baseline. Add the target, and check every rule: it says what was seen, not what is right.',
    'data: {',
    '  columns: [',
    ...columns,
    '  ],',
    '},',
    ...thresholds(files).map((line) => `// ${line}`),
    "monitoring: { every: 'day', falseAlarmsPerMonth: 1, effectFloor: 0.02 },",
    '',
  ].join('\n');
}

/** The columns that both files describe, in the order of the statistics. */
export function importedColumns({ statistics, constraints }: MonitorFiles): readonly Column[] {
  const rules = new Map(constraints.features.map((feature) => [feature.name, feature]));
  return statistics.features.map((feature): Column => {
    const rule = rules.get(feature.name);
    const common = feature.numerical_statistics?.common ?? feature.string_statistics?.common;
    const missing = (common?.num_missing ?? 0) > 0 || (rule?.completeness ?? 1) < 1;
    const nullable = missing ? { nullable: true } : {};
    if (feature.inferred_type === 'Integral' || feature.inferred_type === 'Fractional')
      return {
        name: feature.name,
        kind: 'numeric',
        ...nullable,
        ...(feature.inferred_type === 'Integral' ? { integer: true } : {}),
        ...(rule?.num_constraints?.is_non_negative === true ? { min: 0 } : {}),
      };
    const domains = rule?.string_constraints?.domains ?? [];
    if (isTruths(domains)) return { name: feature.name, kind: 'boolean', ...nullable };
    const values = domains.length > 0 && domains.length <= MOST_VALUES ? { values: domains } : {};
    const named = feature.string_statistics?.distribution !== undefined;
    return { name: feature.name, kind: named ? 'categorical' : 'text', ...nullable, ...values };
  });
}

const isTruths = (domains: readonly string[]) =>
  domains.length === 2 && domains.every((value) => /^(true|false)$/i.test(value));

function thresholds({ constraints: { monitoring_config: config } }: MonitorFiles): readonly string[] {
  const distance = config?.distribution_constraints;
  return [
    ...(distance?.comparison_threshold === undefined
      ? []
      : [
          `Model Monitor compared distributions at ${distance.comparison_threshold}, whatever the rows. Here chance is taken off at the window’s own`,
          'number of rows, and false alarms a month are the setting; effectFloor is the smallest distance that counts.',
        ]),
    ...(config?.domain_content_threshold === undefined
      ? []
      : [
          `Model Monitor let ${config.domain_content_threshold} of the values be within the domain; new values are tested like any other change here.`,
        ]),
  ];
}

/** A column as a literal: names and values as JSON, which is TypeScript whatever they hold. */
function objectText(column: Column): string {
  const fields = Object.entries(column).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `{ ${fields.join(', ')} }`;
}
