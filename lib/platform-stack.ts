import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FUNCTIONS, type FunctionName } from '../contracts/functions.ts';
import type { PlatformConfig } from '../contracts/model-config.ts';
import { acknowledgeFindings } from './acknowledge.ts';
import { Alerts } from './alerts.ts';
import { Encryption } from './encryption.ts';
import { fixFeatureFlags } from './feature-flags.ts';
import { FleetDashboard } from './fleet-dashboard.ts';
import { Functions } from './functions.ts';
import { IntakeProgram, type IntakeProgramFiles } from './intake-program.ts';
import { Network } from './network.ts';
import { QueueAlarms } from './queue-alarms.ts';
import { Queues } from './queues.ts';
import { type SharedResources, sharedResources } from './shared-resources.ts';
import { Storage } from './storage.ts';
import { UploadPath } from './upload-path.ts';

export interface PlatformStackProps extends StackProps {
  readonly config: PlatformConfig;
  /** Folder with `index.js` of each function. */
  readonly bundles: ReadonlyMap<FunctionName, string>;
  /** What processing jobs read large uploads with. */
  readonly intakeProgram: IntakeProgramFiles;
}

/** What all models share: keys, lake, audit, lineage, network, alerts, and every function once. */
export class PlatformStack extends Stack {
  readonly keys: Encryption;
  readonly data: Storage;
  readonly network: Network;
  readonly alerts: Alerts;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly intakeProgram: IntakeProgram;
  /** What models' stacks use of this one. */
  readonly shared: SharedResources;

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    fixFeatureFlags(this);
    const { config } = props;
    const platform = config.name;
    this.keys = new Encryption(this, 'Keys', { platform });
    this.data = new Storage(this, 'Data', { config, keys: this.keys });
    this.network = new Network(this, 'Network', { platform, keys: this.keys });
    this.alerts = new Alerts(this, 'Alerts', { platform, keys: this.keys });
    this.queues = new Queues(this, 'Queues', {
      keys: this.keys,
      starterTimeoutSeconds: FUNCTIONS['start-intake'].timeoutSeconds,
    });
    this.functions = new Functions(this, 'Functions', {
      platform,
      keys: this.keys,
      storage: this.data,
      alerts: this.alerts,
      queues: this.queues,
      runbookUrl: config.runbookUrl,
      bundles: props.bundles,
    });
    this.intakeProgram = new IntakeProgram(this, 'IntakeProgram', props.intakeProgram);
    new UploadPath(this, 'UploadPath', {
      lake: this.data.lake,
      queues: this.queues,
      starter: this.functions.get('start-intake'),
      keys: this.keys,
      sweeper: this.functions.get('sweep'),
      sweepEvery: config.sweepEvery,
    });
    new QueueAlarms(this, 'QueueAlarms', { config, queues: this.queues, topic: this.alerts.topic });
    new FleetDashboard(this, 'FleetDashboard', { config });
    new CfnOutput(this, 'LakeBucket', { value: this.data.lake.bucketName, description: 'upload below inbox/<model>/' });
    new CfnOutput(this, 'AuditBucket', { value: this.data.audit.bucketName });
    new CfnOutput(this, 'AlertTopic', { value: this.alerts.topic.topicArn, description: 'subscribe people here' });
    this.shared = sharedResources(this, platform);
    acknowledgeFindings(this);
  }
}
