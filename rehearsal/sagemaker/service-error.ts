/** An answer other than 200, with the service's own code and words. */
export class ServiceError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
  }
}

export const invalid = (message: string) => new ServiceError('ValidationException', message);
export const inUse = (message: string) => new ServiceError('ResourceInUse', message);
export const conflict = (message: string) => new ServiceError('ConflictException', message);

/** Why a job, a container or a deployment failed; the message is its `FailureReason`. Not a bug of the rehearsal. */
export class JobFailure extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'JobFailure';
  }
}
