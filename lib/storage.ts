import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SCRATCH_PREFIX } from '../contracts/keys.ts';
import type { PlatformConfig } from '../contracts/model-config.ts';
import { tableName } from '../contracts/names.ts';
import { BY_TIME, TIME_ATTRIBUTE } from '../contracts/records.ts';
import type { Encryption } from './encryption.ts';

/**
 * Everything that remembers: the lake, the audit bucket, their access logs, and the lineage table.
 * All of it outlives the stack; `cdk destroy` leaves it for a person to delete.
 */
export class Storage extends Construct {
  readonly lake: Bucket;
  readonly audit: Bucket;
  readonly lineage: Table;

  constructor(scope: Construct, id: string, props: { readonly config: PlatformConfig; readonly keys: Encryption }) {
    super(scope, id);
    const { config, keys } = props;
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...PRIVATE,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(400), noncurrentVersionExpiration: Duration.days(30) }],
    });
    this.lake = new Bucket(this, 'Lake', {
      ...PRIVATE,
      encryption: BucketEncryption.KMS,
      encryptionKey: keys.data,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'lake/',
      // Nothing that a dataset version may name ever expires: erasure is a deliberate act. What steps leave for each other does.
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
        { prefix: SCRATCH_PREFIX, expiration: Duration.days(7), noncurrentVersionExpiration: Duration.days(1) },
      ],
    });
    sendEvents(this.lake);
    this.audit = new Bucket(this, 'Audit', {
      ...PRIVATE,
      encryption: BucketEncryption.KMS,
      encryptionKey: keys.operations,
      bucketKeyEnabled: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention[config.auditLockMode](Duration.days(config.auditLockDays)),
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: 'audit/',
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    });
    this.lineage = new Table(this, 'Lineage', {
      tableName: tableName(config.name),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Read consistently, which a global index could not be: a decision must see the dataset version that asked for it.
    this.lineage.addLocalSecondaryIndex({
      indexName: BY_TIME,
      sortKey: { name: TIME_ATTRIBUTE, type: AttributeType.STRING },
    });
  }
}

const PRIVATE = {
  versioned: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
} as const satisfies BucketProps;

/** Object events of the whole bucket go to EventBridge; CDK's own switch would add a custom resource with a Python function. */
function sendEvents(bucket: Bucket): void {
  const resource = bucket.node.defaultChild;
  if (resource instanceof CfnBucket)
    resource.addPropertyOverride('NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled', true);
}
