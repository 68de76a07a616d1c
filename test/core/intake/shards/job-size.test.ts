import { expect, test } from 'vitest';
import { jobSize } from '../../../../core/intake/shards/job-size.ts';

const GIGABYTE = 2 ** 30;

test('disk holds the upload and twice its content, compressed content counted tenfold', () => {
  expect(jobSize(10 * GIGABYTE, 0).volumeGigabytes).toBe(20 + 10 + 20);
  expect(jobSize(10 * GIGABYTE, 10 * GIGABYTE).volumeGigabytes).toBe(20 + 10 + 200);
});

test('time is that of two megabytes a second and half an hour more, within a day', () => {
  expect(jobSize(2_000_000_000, 0).maxSeconds).toBe(1800 + 1000);
  expect(jobSize(1000 * GIGABYTE, 0).maxSeconds).toBe(24 * 3600);
});

test('no volume is larger than SageMaker gives', () => {
  expect(jobSize(9000 * GIGABYTE, 0).volumeGigabytes).toBe(16_384);
});
