import { z } from 'zod';
import { CaptureRecordSchema } from '../contracts/capture.ts';
import { DataSchemaSchema } from '../contracts/data-schema.ts';
import { ValidateDocumentSchema } from '../contracts/findings.ts';
import { AuditVerdictSchema, LineageGraphSchema } from '../contracts/lineage.ts';
import { ModelConfigSchema } from '../contracts/model-config.ts';
import { PlanDocumentSchema } from '../contracts/plan.ts';
import { DriftReportSchema } from '../contracts/profile.ts';
import { ProfileDocumentSchema } from '../contracts/profile-document.ts';
import { QualityReportSchema } from '../contracts/quality.ts';
import { RehearsalResultSchema } from '../contracts/rehearsal.ts';
import { ReproductionDetailSchema } from '../contracts/reproduction.ts';
import { PredictionRequestSchema, PredictionResponseSchema, TrainingConfigSchema } from '../contracts/serving.ts';

/** Shapes that outsiders and the Python code read, by the file name below contracts/json/. */
const SHAPES = {
  'audit-verify': AuditVerdictSchema,
  'capture-record': CaptureRecordSchema,
  'data-schema': DataSchemaSchema,
  drift: DriftReportSchema,
  lineage: LineageGraphSchema,
  'model-config': ModelConfigSchema,
  profile: ProfileDocumentSchema,
  plan: PlanDocumentSchema,
  'prediction-request': PredictionRequestSchema,
  'prediction-response': PredictionResponseSchema,
  quality: QualityReportSchema,
  rehearse: RehearsalResultSchema,
  reproduce: ReproductionDetailSchema,
  'training-config': TrainingConfigSchema,
  validate: ValidateDocumentSchema,
} as const satisfies Record<string, z.ZodType>;

/** The text of every file of contracts/json/, by its name: JSON Schema, draft 2020-12, of what is written. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SHAPES).map(([name, shape]) => [
      `${name}.json`,
      `${JSON.stringify({ title: name, ...z.toJSONSchema(shape, { io: 'input' }) }, null, 2)}\n`,
    ]),
  );
}
