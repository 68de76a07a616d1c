import { type Agent, request } from 'node:https';
import { z } from 'zod';

const ClockSchema = z.object({
  now: z.number(),
  offset: z.number(),
  busy: z.number(),
  idle: z.boolean(),
  jumps: z.number(),
  sleepers: z.array(z.tuple([z.number(), z.string()])),
});
const DenialSchema = z.object({ principal: z.string(), action: z.string(), resource: z.string() });
const NotificationSchema = z.object({
  at: z.string(),
  topic: z.string(),
  subject: z.string(),
  message: z.string(),
});
const FaultSchema = z.object({
  service: z.string(),
  operation: z.string(),
  kind: z.enum(['throttle', 'error', 'timeout-before', 'timeout-after', 'access-denied', 'crash-after']),
  nth: z.number().optional(),
  times: z.number().optional(),
  caller: z.string().optional(),
});
const MetFaultSchema = FaultSchema.extend({ hits: z.number() });

/** Virtual time, who works and who sleeps (seconds to go, label). */
export type ClockState = z.infer<typeof ClockSchema>;
/** A call or delivery refused for lack of rights. */
export type Denial = z.infer<typeof DenialSchema>;
/** A message published to a topic; `at` is virtual time. */
export type Notification = z.infer<typeof NotificationSchema>;
/** Which calls fail, and how: the `nth` (default first) and `times - 1` more of an operation, by callers whose ARN contains `caller`. */
export type Fault = z.infer<typeof FaultSchema>;

/** A file or folder of this disk, by absolute path, and the key it gets. */
export interface PublishedFile {
  readonly path: string;
  readonly packaging: 'file' | 'zip';
  readonly key: string;
}

/** The emulator's control routes. */
export interface Control {
  clock(): Promise<ClockState>;
  /** Lets virtual time pass until `to`; resolves when it is reached and nothing works any more. */
  advanceTo(to: Date): Promise<void>;
  /** Lets `seconds` of virtual time pass, likewise. */
  advanceBy(seconds: number): Promise<void>;
  /** Keeps the clock from leaping until `release`. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Counts of calls by `service:Operation`. */
  calls(): Promise<Readonly<Record<string, number>>>;
  /** One line for each thing that must not happen: a missing right, an answer off the API's shape, a bug of the clock. */
  problems(): Promise<readonly string[]>;
  denials(): Promise<readonly Denial[]>;
  notifications(): Promise<readonly Notification[]>;
  /** Where the deployed templates meet a resource that has no effect here. */
  deviations(): Promise<readonly string[]>;
  /** Takes files and folders (as zips) of this disk into a bucket. */
  publish(bucket: string, files: readonly PublishedFile[]): Promise<void>;
  addFault(fault: Fault): Promise<void>;
  /** Has every function that stands initialised before its first event, beside other work; resolves at once. */
  initialiseFunctions(): Promise<void>;
  faults(): Promise<readonly (Fault & { readonly hits: number })[]>;
}

/** A client of the control routes of the gateway on `port`. */
export function controlOf(port: number, agent: Agent): Control {
  const call = async <T>(operation: string, schema: z.ZodType<T>, message: object = {}) =>
    schema.parse(await post(port, agent, operation, message));
  const tell = async (operation: string, message: object = {}) => {
    await post(port, agent, operation, message);
  };
  return {
    clock: () => call('clock', ClockSchema),
    advanceTo: (to) => tell('advance', { to: to.getTime() / 1000 }),
    advanceBy: (seconds) => tell('advance', { by: seconds }),
    hold: () => tell('hold'),
    release: () => tell('release'),
    calls: () => call('calls', z.record(z.string(), z.number())),
    problems: () => call('problems', z.array(z.string())),
    denials: () => call('denials', z.array(DenialSchema)),
    notifications: () => call('notifications', z.array(NotificationSchema)),
    deviations: () => call('deviations', z.array(z.string())),
    publish: (bucket, files) => tell('publish', { bucket, files }),
    addFault: (fault) => tell('fault', fault),
    initialiseFunctions: () => tell('initialise'),
    faults: () => call('faults', z.array(MetFaultSchema)),
  };
}

function post(port: number, agent: Agent, operation: string, message: object): Promise<unknown> {
  const options = { host: '127.0.0.1', port, agent, method: 'POST', path: `/_rehearsal/${operation}` };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`the emulator answered ${response.statusCode} to ${operation}: ${text.slice(0, 500)}`));
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(message));
  });
}
