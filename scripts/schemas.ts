import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFiles } from './json-schemas.ts';
import { ROOT } from './run-program.ts';

/** `npm run schemas`: writes contracts/json/ anew from the zod schemas. */
const folder = join(ROOT, 'contracts', 'json');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const [name, text] of schemaFiles()) writeFileSync(join(folder, name), text);
