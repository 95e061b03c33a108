import { ExternalError } from '../engine/external-error.ts';
import { statusOf, toExternalError } from './to-external-error.ts';

/** Runs one request; failures become ExternalErrors that name what was wanted. */
export async function call<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw toExternalError(error, what, Date.now());
  }
}

/** As `call`, for reads where "not there" is an answer. */
export async function callOrAbsent<T>(what: string, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw toExternalError(error, what, Date.now());
  }
}

/** As `callOrAbsent`, for what an App may work without being allowed to read; a limit that is used up is none of that. */
export async function callOrNotAllowed<T>(what: string, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await callOrAbsent(what, request);
  } catch (error) {
    const isRefused = error instanceof ExternalError && error.retry === 'never' && statusOf(error.cause) === 403;
    if (isRefused) return undefined;
    throw error;
  }
}

/** As `call`, for changing what was read before: when it is gone by now, looking again is all that it takes. */
export async function callOnKnown<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const failure = toExternalError(error, what, Date.now());
    if (statusOf(error) !== 404) throw failure;
    throw new ExternalError({ system: 'github', message: failure.message, retry: 'soon', cause: error });
  }
}
