import { contender } from './own-cost.ts';

/** Nothing: what starting the program costs. */
contender(async () => {});
