import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { auditPrefix, lakePrefix, windowKeys } from '../../contracts/keys.ts';
import { dashboardName, tableName } from '../../contracts/names.ts';
import { type LineageRecord, RECORD_KINDS } from '../../contracts/records.ts';
import { type DashboardPicture, readDashboard } from './dashboard.ts';
import { type LakeVisitor, lakeVisitor } from './lake.ts';
import { type LineageReader, lineageReader } from './lineage.ts';

/** What a rehearsal leaves behind for people to look at, read from the lake and the lineage table before the emulator stops. */
export interface Evidence {
  readonly records: readonly LineageRecord[];
  /** Audit records of the locked bucket, in order of their keys. */
  readonly audit: readonly { readonly key: string; readonly text: string }[];
  /** The newest audit record as the table counts it. */
  readonly auditHead: { readonly sequence: number; readonly sha256: string } | null;
  /** Ids that were answered in a window, by the window's end: the stored index, base64. */
  readonly answered: Readonly<Record<string, string>>;
  /** Reports by their key in the lake: intake, gates, model cards, monitored windows (JSON and HTML). */
  readonly documents: Readonly<Record<string, string>>;
  /** What the CloudWatch fleet dashboard shows. */
  readonly dashboard: readonly DashboardPicture[];
  /** Package that served at the end. */
  readonly live: string | undefined;
}

/** Reports and model cards; counts, labels and baselines beside them are for machines. */
const SHOWN = /\/intake\/[^/]+\.(json|html)$|\/(gates\.json|model-card\.html|report\.(json|html))$/;

/** Gathers the evidence of one model. */
export async function gatherEvidence(
  aws: {
    s3: S3Client;
    dynamodb: DynamoDBClient;
    cloudwatch: CloudWatchClient;
    lakeBucket: string;
    auditBucket: string;
  },
  platform: string,
  model: string,
  span: { readonly from: Date; readonly to: Date },
): Promise<Evidence> {
  const lake = lakeVisitor(aws.s3, aws.lakeBucket, model);
  const lineage = lineageReader(aws.dynamodb, tableName(platform), model);
  const prefixes = [lakePrefix.intakeReports(model), lakePrefix.runs(model), lakePrefix.monitoring(model)];
  const keys = (await Promise.all(prefixes.map((prefix) => lake.listKeys(prefix)))).flat();
  const recorded = await settledRecords(lineage, lakeVisitor(aws.s3, aws.auditBucket, model), model);
  const documents = await Promise.all(
    keys.filter((key) => SHOWN.test(key)).map(async (key) => [key, await lake.text(key)] as const),
  );
  return {
    ...recorded,
    answered: await answeredIds(recorded.records, new Set(keys), lake, model),
    documents: Object.fromEntries(documents),
    dashboard: await readDashboard(aws.cloudwatch, dashboardName(platform), span),
    live: (await lineage.live())?.packageArn,
  };
}

/** The ids of every window that kept them. */
async function answeredIds(
  records: readonly LineageRecord[],
  keys: ReadonlySet<string>,
  lake: LakeVisitor,
  model: string,
): Promise<Evidence['answered']> {
  const ends = records.flatMap(({ kind, id }) => (kind === 'window' && !id.includes('/') ? [id] : []));
  const kept = ends.filter((end) => keys.has(windowKeys(model, end).ids));
  const read = async (end: string) => [end, (await lake.bytes(windowKeys(model, end).ids)).toString('base64')] as const;
  return Object.fromEntries(await Promise.all(kept.map(read)));
}

/** How often to look again while something is still being recorded. */
const MOST_LOOKS = 20;

/** Records and their chain at one instant: what is recorded while we look must not look like records cut off. */
async function settledRecords(
  lineage: LineageReader,
  locked: LakeVisitor,
  model: string,
): Promise<Pick<Evidence, 'records' | 'audit' | 'auditHead'>> {
  for (let looks = 1; ; looks++) {
    const auditHead = await lineage.auditHead();
    const records = await Promise.all(RECORD_KINDS.map((kind) => lineage.records(kind)));
    const keys = [...(await locked.listKeys(auditPrefix(model)))].sort();
    const audit = await Promise.all(keys.map(async (key) => ({ key, text: await locked.text(key) })));
    const settled = audit.length === (auditHead?.sequence ?? -1) + 1;
    if (settled || looks === MOST_LOOKS)
      return { records: records.flat().sort((a, b) => a.at.localeCompare(b.at)), audit, auditHead };
  }
}
