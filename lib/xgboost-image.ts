import { Aws, CfnMapping } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ModelConfig } from '../contracts/model-config.ts';

/**
 * Registries of the ready-made XGBoost images, by commercial region. Source: `image_uri_config/xgboost.json` (version 1.7-1, whose
 * registries later versions share) of the SageMaker Python SDK, github.com/aws/sagemaker-python-sdk, commit 02ed3cb.
 */
const REGISTRIES = {
  'af-south-1': '510948584623',
  'ap-east-1': '651117190479',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-northeast-3': '867004704886',
  'ap-south-1': '720646828776',
  'ap-south-2': '628508329040',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ap-southeast-3': '951798379941',
  'ap-southeast-4': '106583098589',
  'ca-central-1': '341280168497',
  'ca-west-1': '190319476487',
  'eu-central-1': '492215442770',
  'eu-central-2': '680994064768',
  'eu-north-1': '662702820516',
  'eu-south-1': '978288397137',
  'eu-south-2': '104374241257',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'il-central-1': '898809789911',
  'me-central-1': '272398656194',
  'me-south-1': '801668240914',
  'sa-east-1': '737474898029',
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
} as const;

const TAGS: Readonly<Record<ModelConfig['training']['image'], string>> = { 'xgboost-3.0-5': '3.0-5' };
const REPOSITORY = 'sagemaker-xgboost';

/** A ready-made image in the region of the stack, whichever that will be. */
export interface Image {
  readonly uri: string;
  readonly repositoryArn: string;
}

/** The training and serving image of a model. A region without one fails to deploy with CloudFormation's "unable to get mapping". */
export function xgboostImage(scope: Construct, id: string, image: ModelConfig['training']['image']): Image {
  const mapping = new CfnMapping(scope, id, {
    mapping: Object.fromEntries(Object.entries(REGISTRIES).map(([region, registry]) => [region, { registry }])),
  });
  const registry = mapping.findInMap(Aws.REGION, 'registry');
  return {
    uri: `${registry}.dkr.ecr.${Aws.REGION}.amazonaws.com/${REPOSITORY}:${TAGS[image]}`,
    repositoryArn: `arn:aws:ecr:${Aws.REGION}:${registry}:repository/${REPOSITORY}`,
  };
}
