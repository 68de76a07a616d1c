import { studentTail } from './student-t.ts';

/** The t that Student's t with `degrees` degrees of freedom stays below with chance `probability` (0 < probability < 1), by halving. */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  let [low, high] = [0, 1];
  while (studentTail(high, degrees) > 1 - probability) high *= 2;
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
    if (studentTail(middle, degrees) > 1 - probability) low = middle;
    else high = middle;
  return high;
}
