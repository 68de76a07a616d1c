import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { PlatformConfig } from '../contracts/model-config.ts';
import { dashboardName, MODELS_A_DASHBOARD } from '../contracts/names.ts';
import { dashboardWidgets } from './dashboard-widgets.ts';

/** One dashboard for the whole fleet, a line per model in every picture; a very large fleet needs more than one. */
export class FleetDashboard extends Construct {
  constructor(scope: Construct, id: string, { config }: { readonly config: PlatformConfig }) {
    super(scope, id);
    const models = config.models.map(({ name }) => name);
    for (let part = 1; part === 1 || (part - 1) * MODELS_A_DASHBOARD < models.length; part += 1)
      new Dashboard(this, part === 1 ? 'Dashboard' : `Dashboard${part}`, {
        dashboardName: dashboardName(config.name, part),
        widgets: dashboardWidgets(config, models.slice((part - 1) * MODELS_A_DASHBOARD, part * MODELS_A_DASHBOARD)),
      });
  }
}
