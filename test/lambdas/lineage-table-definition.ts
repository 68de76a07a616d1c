import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { BY_TIME, TIME_ATTRIBUTE } from '../../contracts/records.ts';

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
const keys = (range: string) => [
  { AttributeName: 'pk', KeyType: 'HASH' } as const,
  { AttributeName: range, KeyType: 'RANGE' } as const,
];

/** The lineage table as the platform's template has it, for a call of CreateTable and for a template alike. */
export const lineageTableDefinition = (TableName: string) =>
  ({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', TIME_ATTRIBUTE].map(text),
    KeySchema: keys('sk'),
    LocalSecondaryIndexes: [
      { IndexName: BY_TIME, KeySchema: keys(TIME_ATTRIBUTE), Projection: { ProjectionType: 'ALL' } },
    ],
  }) satisfies CreateTableCommandInput;
