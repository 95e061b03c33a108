/** Milliseconds since the epoch, and a pause; injected so that tests own time. */
export interface ClockPort {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
