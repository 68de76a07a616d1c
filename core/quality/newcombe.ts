import { wilsonInterval } from './wilson.ts';

/** How many of how many. */
export interface Share {
  readonly count: number;
  readonly rows: number;
}

/**
 * Newcombe's interval of the difference of two independent shares (1998, method 10): the two Wilson intervals combined by squares.
 * Within [−1, 1].
 */
export function newcombeInterval(first: Share, second: Share, z: number): [number, number] {
  const [p, q] = [first.count / first.rows, second.count / second.rows];
  const [lowFirst, highFirst] = wilsonInterval(first.count, first.rows, z);
  const [lowSecond, highSecond] = wilsonInterval(second.count, second.rows, z);
  return [p - q - Math.hypot(p - lowFirst, highSecond - q), p - q + Math.hypot(highFirst - p, q - lowSecond)];
}
