/** Where a worker keeps its artifacts, as it says itself. */
export interface HeldPlace {
  /** The same id is the same place, however it is mounted. No spaces. */
  readonly place: string;
  /** For people: the machine or container of the worker. */
  readonly host: string;
}

/** All worker processes on one Redis. May throw ExternalError{system:'redis'}. */
export interface FleetPort {
  /**
   * The place that is held first is the one of all workers, for so long after the last of them said so. Gives the host that
   * holds another one, or undefined where this one is held now. One atomic step.
   */
  holdPlace(held: HeldPlace, ttlMs: number): Promise<string | undefined>;
}
