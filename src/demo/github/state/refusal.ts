/** One entry of GitHub's `errors` list in a 422 answer. */
export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

/**
 * GitHub says no. Thrown rather than returned because, like on GitHub, it ends the request from whatever depth it is
 * found at; caught in one place per port, where it becomes the answer.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;

  constructor(status: number, message: string, errors?: readonly FieldError[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

export function invalid(...errors: FieldError[]): Refusal {
  return new Refusal(422, 'Validation Failed', errors);
}
