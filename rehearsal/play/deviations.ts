/** Where every rehearsal differs from AWS, or follows a rule of ours that nobody checked on AWS. Printed with each result. */
export const KNOWN_DEVIATIONS: readonly string[] = [
  'requests that name members SageMaker’s API model does not have are refused; the service may ignore them',
  'error names of state-machine integrations follow the documentation’s pattern and were not checked on AWS; machines catch States.ALL beside',
  'a training, transform or processing job runs as one process on this machine’s CPU, with the container’s Python packages but not its image',
  'paths below /opt/ml/processing in the entry point, arguments and environment of a processing job are paths of a folder of this machine',
  'digests of images are those of their names, since there are no images',
  'an endpoint runs at most two serving processes a fleet, whatever its instance count',
  'durations of provisioning, training and capture are fixed settings in virtual seconds',
  'a container with network isolation gets no credentials and its Python may not connect anywhere; native code could still connect',
  'private subnets and encryption at rest are declared in the templates and checked there; calls on encrypted resources need rights on their keys here too',
  'a machine whose role lacks trust or log-delivery rights fails at its first execution, not when it is created',
  'Bayesian tuning searches at random; there are no quotas, no spot interruptions and no GPU',
  'only approved model packages become models, a rule of ours',
  ...(process.platform === 'linux' && process.arch === 'x64'
    ? []
    : [
        `native code of Lambda layers runs in its ${process.platform}-${process.arch} build, not the one that is deployed`,
        'the processing job that reads large uploads brings its own Node for linux-x64, which does not run here',
      ]),
];
