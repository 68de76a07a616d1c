import { NORMAL_95 } from '../statistics/normal-quantile.ts';
import { studentQuantile } from '../statistics/student.ts';
import type { KnownVariance } from './day-part.ts';

/** The two-sided 95 % quantile: Student's with days − 1 degrees of freedom where days tell how much days differ, else normal. */
export function quantileFor(days: { readonly count: number } | null): number {
  return days === null ? NORMAL_95 : studentQuantile(0.975, days.count - 1);
}

/** An interval around a metric, which stays within 0–1. */
export function intervalAround(value: number, variance: number, quantile: number): [number, number] {
  const half = quantile * Math.sqrt(Math.max(0, variance));
  return [Math.max(0, value - half), Math.min(1, value + half)];
}

/** Half the width of a 95 % interval, by as many degrees of freedom as the variance is known with. */
export function halfWidth({ variance, degrees }: KnownVariance): number {
  const quantile = Number.isFinite(degrees) ? studentQuantile(0.975, degrees) : NORMAL_95;
  return quantile * Math.sqrt(Math.max(0, variance));
}

/** The 95 % interval around a metric, which stays within 0–1. */
export function knownInterval(value: number, known: KnownVariance): [number, number] {
  const half = halfWidth(known);
  return [Math.max(0, value - half), Math.min(1, value + half)];
}
