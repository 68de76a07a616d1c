import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { PlatformConfig } from '../contracts/model-config.ts';
import { dashboardName } from '../contracts/names.ts';
import { dashboardWidgets } from './dashboard-widgets.ts';

/** One dashboard for the whole fleet: a line per model in every picture. */
export class FleetDashboard extends Construct {
  constructor(scope: Construct, id: string, { config }: { readonly config: PlatformConfig }) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(config.name),
      widgets: dashboardWidgets(
        config,
        config.models.map(({ name }) => name),
      ),
    });
  }
}
