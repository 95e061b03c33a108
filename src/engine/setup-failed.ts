import type { CommandReport } from '../core/model/cause.ts';

/** What the base branch says to prepare could not be prepared: a mistake of a person, with the output that shows it. */
export class SetupFailed extends Error {
  override readonly name = 'SetupFailed';
  readonly report: CommandReport;
  /** Hosts that were asked for and that the list does not name: programs seldom say that this kept them from something. */
  readonly denied: readonly string[];
  constructor(report: CommandReport, denied: readonly string[]) {
    super(`"${report.command}" failed`);
    this.report = report;
    this.denied = denied;
  }
}
