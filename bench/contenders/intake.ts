import { openDuck } from '../../core/duckdb.ts';
import { validateFile } from '../../core/intake/validate-file.ts';
import { INTAKE_SCHEMA } from '../intake-rows.ts';
import { contender } from './own-cost.ts';

/** `FOLDER UPLOAD.csv ROWS`: validates an upload and writes it as Parquet; all rows must be accepted. */
contender(async ([folder = '', path = '', rows = '']) => {
  const duck = await openDuck({ folder });
  const { report } = await validateFile({
    schema: INTAKE_SCHEMA,
    maxQuarantinedShare: 0,
    path,
    name: 'upload.csv',
    folder,
    duck,
  });
  duck.close();
  if (report.verdict !== 'accepted' || report.rows.accepted !== Number(rows))
    throw new Error(JSON.stringify(report.rows));
});
