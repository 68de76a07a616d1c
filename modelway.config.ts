import { definePlatform } from './contracts/model-config.ts';
import { flightDelay } from './examples/flight-delay/model.ts';

/** The platform and its models. Add a model by writing its file and naming it here. */
export default definePlatform({
  // The example's uploads are weeks apart.
  sweepEvery: 'week',
  models: [{ ...flightDelay, training: { ...flightDelay.training, source: 'examples/flight-delay/training' } }],
});
