import { z } from 'zod';

const list = z.union([z.array(z.unknown()), z.unknown().transform((value) => [value])]);
const PolicySchema = z.object({
  Statement: z.array(z.object({ Effect: z.string(), Action: list, Resource: list.optional() })),
});

/** The wildcards of a resolved policy document, named as cdk-nag names them: `Action::s3:*`, `Resource::<Lake.Arn>/inbox/*`. */
export function wildcardFindings(policyDocument: unknown): readonly string[] {
  const allowed = PolicySchema.parse(policyDocument).Statement.filter(({ Effect }) => Effect === 'Allow');
  const found = (kind: string, values: readonly unknown[]) =>
    values.map(flat).flatMap((text) => (text.includes('*') ? [`${kind}::${text}`] : []));
  return [
    ...new Set(
      allowed.flatMap(({ Action, Resource }) => [...found('Action', Action), ...found('Resource', Resource ?? [])]),
    ),
  ];
}

const JoinSchema = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const GetAttSchema = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const RefSchema = z.object({ Ref: z.string() });
const ImportSchema = z.object({ 'Fn::ImportValue': z.unknown() });

/** An ARN with its references as text, in cdk-nag's spelling. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = JoinSchema.safeParse(value);
  if (join.success) return join.data['Fn::Join'][1].map(flat).join(join.data['Fn::Join'][0]);
  const attribute = GetAttSchema.safeParse(value);
  if (attribute.success) return `<${attribute.data['Fn::GetAtt'].join('.')}>`;
  const reference = RefSchema.safeParse(value);
  if (reference.success) return `<${reference.data.Ref}>`;
  const imported = ImportSchema.safeParse(value);
  if (imported.success) return flat(imported.data['Fn::ImportValue']);
  return JSON.stringify(value);
}
