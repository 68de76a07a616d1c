/** Where every rehearsal differs from AWS, or follows a rule of ours that nobody checked on AWS. Printed with each result. */
export const KNOWN_DEVIATIONS: readonly string[] = [
  'requests that name members SageMaker’s API model does not have are refused; the service may ignore them',
  'error names of state-machine integrations follow the documentation’s pattern and were not checked on AWS; machines catch States.ALL beside',
  'a training or transform job runs as one process on this machine’s CPU, with the container’s Python packages but not its image',
  'an endpoint runs at most two serving processes a fleet, whatever its instance count',
  'durations of provisioning, training and capture are fixed settings in virtual seconds',
  'network isolation, private subnets and encryption at rest are declared in the templates and checked there, not enforced here',
];
