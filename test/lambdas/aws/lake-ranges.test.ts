import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { s3Lake } from '../../../lambdas/aws/lake.ts';

interface Asked {
  readonly command: string | undefined;
  readonly input: object;
}

/** A client whose requests are answered here and never sent. */
function answeredBy(answer: (asked: Asked) => object): { readonly client: S3Client; readonly asked: readonly Asked[] } {
  const client = new S3Client({ region: 'us-east-1' });
  const asked: Asked[] = [];
  client.middlewareStack.add(
    (_next, context) => async (args) => {
      const one = { command: context.commandName, input: args.input };
      asked.push(one);
      return { output: { $metadata: {}, ...answer(one) }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  return { client, asked };
}

const UPLOAD = { key: 'inbox/late/größe 1+2.csv', versionId: 'v 1' };

test('a range is asked for, and cut out where the server answers with all there is', async () => {
  const body = (text: string) => Readable.from([Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))]);
  const whole = answeredBy(() => ({ Body: body('0123456789') }));
  expect((await buffer(s3Lake('lake', whole.client).slice(UPLOAD, 2, 5))).toString()).toBe('234');
  expect(whole.asked[0]?.input).toMatchObject({ Range: 'bytes=2-4', VersionId: 'v 1' });
  const part = answeredBy(() => ({ Body: body('234'), ContentRange: 'bytes 2-4/10' }));
  expect((await buffer(s3Lake('lake', part.client).slice(UPLOAD, 2, 5))).toString()).toBe('234');
});

test('up to five gigabytes are copied in one request, of exactly that version, without tags', async () => {
  const { client, asked } = answeredBy(() => ({}));
  await s3Lake('lake', client).copy(UPLOAD, 5 * 2 ** 30, 'scratch/late/x');
  expect(asked).toMatchObject([
    {
      command: 'CopyObjectCommand',
      input: {
        Key: 'scratch/late/x',
        CopySource: 'lake/inbox/late/gr%C3%B6%C3%9Fe%201%2B2.csv?versionId=v%201',
        TaggingDirective: 'REPLACE',
      },
    },
  ]);
});

test('more is copied part by part, every byte once, and put together in order', async () => {
  const bytes = 7 * 2 ** 30 + 5;
  const { client, asked } = answeredBy(({ command, input }) =>
    command === 'CreateMultipartUploadCommand'
      ? { UploadId: 'u' }
      : command === 'UploadPartCopyCommand'
        ? { CopyPartResult: { ETag: `etag-${Reflect.get(input, 'PartNumber')}` } }
        : {},
  );
  await s3Lake('lake', client).copy(UPLOAD, bytes, 'scratch/late/x');
  const ranges = asked.flatMap(
    ({ input }) => /^bytes=(\d+)-(\d+)$/.exec(String(Reflect.get(input, 'CopySourceRange'))) ?? [],
  );
  const edges = ranges.filter((text) => /^\d+$/.test(text)).map(Number);
  expect(edges[0]).toBe(0);
  expect(edges.at(-1)).toBe(bytes - 1);
  for (let at = 1; at + 1 < edges.length; at += 2) expect(edges[at + 1]).toBe((edges[at] ?? 0) + 1);
  const parts = Array.from({ length: 8 }, (_, index) => ({ PartNumber: index + 1, ETag: `etag-${index + 1}` }));
  expect(asked.at(-1)).toMatchObject({
    command: 'CompleteMultipartUploadCommand',
    input: { MultipartUpload: { Parts: parts } },
  });
});
