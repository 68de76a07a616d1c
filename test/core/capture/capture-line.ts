/** One side of a captured request, for tests. */
export interface Side {
  readonly type: string;
  readonly data: string;
  readonly encoding?: 'CSV' | 'JSON' | 'BASE64';
}

/** A line as SageMaker Data Capture writes it. */
export function captureLine(
  sides: { readonly input?: Side; readonly output?: Side },
  {
    inferenceTime = '2001-02-03T04:05:06Z',
    ...id
  }: { readonly inferenceId?: string; readonly inferenceTime?: string } = {},
): string {
  const side = (mode: string, { type, data, encoding }: Side) => ({
    observedContentType: type,
    mode,
    data,
    encoding: encoding ?? (type.includes('csv') ? 'CSV' : 'JSON'),
  });
  return JSON.stringify({
    captureData: {
      ...(sides.input === undefined ? {} : { endpointInput: side('INPUT', sides.input) }),
      ...(sides.output === undefined ? {} : { endpointOutput: side('OUTPUT', sides.output) }),
    },
    eventMetadata: { eventId: 'e-1', ...id, inferenceTime },
    eventVersion: '0',
  });
}

export const base64 = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64');
