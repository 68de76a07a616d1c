import { dirname } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ModelwayPlatform } from '../lib/platform.ts';
import config from '../modelway.config.ts';

const app = new App({ analyticsReporting: false });
new ModelwayPlatform(app, 'Modelway', { config, folder: dirname(import.meta.dirname) });
app.synth();
