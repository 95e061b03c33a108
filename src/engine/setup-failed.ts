import type { CommandReport } from '../core/model/cause.ts';

/** What the base branch says to prepare could not be prepared: a mistake of a person, with the output that shows it. */
export class SetupFailed extends Error {
  override readonly name = 'SetupFailed';
  readonly report: CommandReport;
  constructor(report: CommandReport) {
    super(`"${report.command}" failed`);
    this.report = report;
  }
}
