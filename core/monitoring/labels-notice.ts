import type { Announcement } from '../../contracts/announcement.ts';
import type { TakenLabels } from '../../contracts/monitoring-steps.ts';
import type { RunbookArticle } from '../../contracts/runbook.ts';

const ARTICLE: RunbookArticle = 'upload-quarantined';

/** A message about labels that were refused or set aside; null when all were taken. */
export function labelsNotice(
  model: string,
  shown: string,
  { verdict, bad, summary }: TakenLabels,
  reportUri: string,
): Announcement | null {
  switch (verdict) {
    case 'taken':
      return null;
    case 'partly-taken':
      return {
        subject: `${model}: ${bad} labels set aside`,
        message: `${summary}.\nCorrect those lines and upload them again; labels that were taken before count once.\nReport: ${reportUri}`,
        runbook: ARTICLE,
      };
    case 'mostly-unmatched':
      return {
        subject: `${model}: most labels name no captured prediction`,
        message: `${summary}.\nLabels carry the inferenceId that the caller sent with the request (header X-Amzn-SageMaker-Inference-Id): see whether they name that one, and whether requests are captured at 100 %. They were kept, and count as soon as their predictions are found.\nReport: ${reportUri}`,
        runbook: ARTICLE,
      };
    case 'refused':
      return {
        subject: `${model}: labels refused`,
        message: `${summary}.\nA file of labels has one JSON object a line with "inferenceId" and "label", or is CSV with a header of these names. Training data belongs below inbox/${model}/, outside labels/.\nFile: ${shown}\nReport: ${reportUri}`,
        runbook: ARTICLE,
      };
    default:
      return verdict satisfies never;
  }
}
