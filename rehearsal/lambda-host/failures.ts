/** Every wording of a failed invocation, as AWS Lambda puts it. Callers match on `errorType` in Retry and Catch. */
export interface FailedInvocation {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** The function did not answer within its time-out and was stopped. */
export function timedOut(requestId: string, timeoutSeconds: number): FailedInvocation {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  };
}

/** The function's process ended before it answered. */
export function exited(requestId: string, code: number | null, signal: NodeJS.Signals | null): FailedInvocation {
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: ${exitReason(code, signal)}`,
  };
}

/** The function used more memory than it is configured to have. */
export function outOfMemory(requestId: string, usedMegabytes: number, limitMegabytes: number): FailedInvocation {
  return {
    errorType: 'Runtime.OutOfMemory',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed (used ${usedMegabytes} MB of ${limitMegabytes} MB)`,
  };
}

/** The function's `/tmp` holds more than its ephemeral storage. */
export function storageFull(requestId: string, usedMegabytes: number, limitMegabytes: number): FailedInvocation {
  return {
    errorType: 'Error',
    errorMessage: `RequestId: ${requestId} ENOSPC: no space left on device, write: the temporary folder holds ${usedMegabytes} MB of ${limitMegabytes} MB; raise EphemeralStorage or delete files`,
  };
}

/** The answer is larger than a synchronous invocation may return. */
export function answerTooLarge(sizeBytes: number, limitBytes: number): FailedInvocation {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size (${sizeBytes} bytes) exceeded maximum allowed payload size (${limitBytes} bytes).`,
  };
}

/** The execution environment could not be made: the role cannot be assumed, or there is no room for a process. */
export function notStarted(requestId: string, reason: string): FailedInvocation {
  return { errorType: 'Lambda.NotStarted', errorMessage: `RequestId: ${requestId} Error: ${reason}` };
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT') return 'Runtime exited with error: signal: aborted';
  if (signal !== null) return 'Runtime exited with error: signal: killed';
  if (code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: exit status ${code ?? 'unknown'}`;
}
