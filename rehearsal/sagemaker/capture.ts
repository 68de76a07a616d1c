import { randomUUID } from 'node:crypto';
import type { CaptureRecord } from '../../contracts/capture.ts';
import type { DataCapture } from './endpoint-config.ts';
import { withoutSlash } from './object-store.ts';
import { inBackground, report, type World } from './world.ts';

/** One request, as capture sees it. */
export interface CapturedRequest {
  readonly capture: DataCapture;
  readonly variantName: string;
  readonly role: string;
  /** Virtual seconds since 1970. */
  readonly at: number;
  readonly inferenceId: string | undefined;
  readonly customAttributes: string | undefined;
  readonly input: { readonly contentType: string; readonly body: Buffer };
  /** Missing when the request failed. */
  readonly output: { readonly contentType: string; readonly body: Buffer } | undefined;
}

/** Captured requests of one endpoint on their way to S3. */
export interface CaptureBuffer {
  add(request: CapturedRequest): Promise<void>;
  /** Writes everything now, as on deletion. */
  flush(): Promise<void>;
}

interface OpenFile {
  readonly uri: string;
  readonly role: string;
  readonly kmsKeyId: string | undefined;
  readonly lines: string[];
}

/**
 * One file per variant and UTC hour at a time, written some time after its first line, as the service does it; `afterWrite` runs
 * after each. Lines that cannot be written are lost, which is a problem and not an error.
 */
export function captureBuffer(world: World, endpointName: string, afterWrite: () => Promise<void>): CaptureBuffer {
  const open = new Map<string, OpenFile>();

  const write = async (key: string, file: OpenFile) => {
    // A flush may have been faster.
    if (open.get(key) !== file) return;
    open.delete(key);
    try {
      const { objects } = await world.actAs(file.role, 'SageMaker');
      await objects.put(file.uri, `${file.lines.join('\n')}\n`, {
        kmsKeyId: file.kmsKeyId,
        contentType: 'application/x-jsonlines',
      });
    } catch (error) {
      report(world, `capture of ${endpointName}: ${file.lines.length} lines lost`, error);
    }
    await afterWrite();
  };

  return {
    add: async (request) => {
      const folder = hourFolder(endpointName, request);
      const key = `${folder}|${request.role}`;
      const known = open.get(key);
      const line = JSON.stringify(captureRecord(request));
      if (known !== undefined) {
        known.lines.push(line);
        return;
      }
      const file: OpenFile = {
        uri: `${folder}${fileName(request.at)}`,
        role: request.role,
        kmsKeyId: request.capture.KmsKeyId,
        lines: [line],
      };
      open.set(key, file);
      await inBackground(world, `capture of ${endpointName}`, async () => {
        await world.control.sleep(world.settings.captureDelay);
        await write(key, file);
      });
    },
    flush: async () => {
      for (const [key, file] of [...open]) await write(key, file);
    },
  };
}

/** One line: one request, however many rows it has. */
export function captureRecord(request: CapturedRequest): CaptureRecord {
  const modes = request.capture.CaptureOptions.map((option) => option.CaptureMode);
  const captures = (mode: 'Input' | 'Output') => modes.includes(mode) || modes.includes('InputAndOutput');
  const { input, output } = request;
  return {
    captureData: {
      ...(captures('Input') ? { endpointInput: side(request.capture, 'INPUT', input) } : {}),
      ...(output !== undefined && captures('Output')
        ? { endpointOutput: side(request.capture, 'OUTPUT', output) }
        : {}),
    },
    eventMetadata: {
      eventId: randomUUID(),
      ...(request.customAttributes === undefined ? {} : { customAttributes: [request.customAttributes] }),
      ...(request.inferenceId === undefined ? {} : { inferenceId: request.inferenceId }),
      inferenceTime: `${new Date(request.at * 1000).toISOString().slice(0, 19)}Z`,
    },
    eventVersion: '0',
  };
}

function side(capture: DataCapture, mode: 'INPUT' | 'OUTPUT', content: { contentType: string; body: Buffer }) {
  const encoding = encodingOf(capture, content.contentType);
  return {
    observedContentType: content.contentType,
    mode,
    data: content.body.toString(encoding === 'BASE64' ? 'base64' : 'utf8'),
    encoding,
  };
}

/** Bodies are base64 unless their content type is listed; parameters such as `charset` do not count. */
function encodingOf(capture: DataCapture, contentType: string): 'CSV' | 'JSON' | 'BASE64' {
  const bare = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const { CsvContentTypes = [], JsonContentTypes = [] } = capture.CaptureContentTypeHeader ?? {};
  if (CsvContentTypes.includes(bare)) return 'CSV';
  return JsonContentTypes.includes(bare) ? 'JSON' : 'BASE64';
}

/** `<destination>/<endpoint>/<variant>/yyyy/mm/dd/hh/` of the hour of the invocation, in UTC. */
function hourFolder(endpointName: string, request: CapturedRequest): string {
  const iso = new Date(request.at * 1000).toISOString();
  const hour = `${iso.slice(0, 10).replaceAll('-', '/')}/${iso.slice(11, 13)}`;
  return `${withoutSlash(request.capture.DestinationS3Uri)}/${endpointName}/${request.variantName}/${hour}/`;
}

function fileName(at: number): string {
  const [minutes, seconds, fraction] = new Date(at * 1000).toISOString().slice(14, 23).split(/[:.]/);
  return `${minutes}-${seconds}-${fraction}-${randomUUID()}.jsonl`;
}
