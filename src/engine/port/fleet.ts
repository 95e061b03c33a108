/** A worker process, as it says of itself. */
export interface FleetMember {
  readonly id: string;
  /** For people: the machine or container it is on. */
  readonly host: string;
  /** Which place its artifacts are in: the same id is the same place, however it is mounted. */
  readonly artifacts: string;
}

/** Worker processes that live, known to each other through Redis. Every method may throw ExternalError{system:'redis'}. */
export interface FleetPort {
  /** It counts as living for so long, by the clock of Redis. */
  announce(member: FleetMember, ttlMs: number): Promise<void>;
  list(): Promise<readonly FleetMember[]>;
  withdraw(member: FleetMember): Promise<void>;
}
