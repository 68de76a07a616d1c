import { monitoringMachine } from '../../../lib/asl/monitoring.ts';
import { flightsModel } from '../../lambdas/flights-model.ts';

/** Prints the monitoring machine of a small model, for tests that run it. */
process.stdout.write(JSON.stringify(monitoringMachine({ model: flightsModel(), functionArn: (name) => name })));
