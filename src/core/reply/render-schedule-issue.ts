import { fence } from '../sanitise/fence.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { renderMarker } from './marker.ts';

/** The issue on which a schedule shows what it does, for its first moment. Its last line is the markers. */
export function renderScheduleIssue(
  { name, text }: Schedule,
  moment: number,
): { title: string; body: string; markers: string } {
  return {
    title: `Scheduled: ${name}`,
    body: [
      `The schedule \`${name}\` in \`.github/gatepilot.yml\` starts its runs here. It asks for:`,
      fence(text, 'text'),
      'As long as this issue is open, its next time comes here too; once it is closed, another one is opened then. To end the schedule, take it out of the file.',
    ].join('\n\n'),
    markers: `${renderMarker('schedule', name)}${renderMarker('schedule', toMomentId(name, moment))}`,
  };
}

/** The issue that was opened for this very moment, or else the newest open one of the schedule. */
export function findScheduleIssue<
  Issue extends { readonly number: number; readonly body: string; readonly isOpen: boolean },
>(issues: readonly Issue[], { name }: Schedule, moment: number): Issue | undefined {
  const bears = (body: string, id: string) => lastLine(body).includes(renderMarker('schedule', id));
  const ofMoment = issues.filter(({ body }) => bears(body, toMomentId(name, moment)));
  const open = issues.filter(({ body, isOpen }) => isOpen && bears(body, name));
  return ofMoment.sort(byNumber)[0] ?? open.sort(byNumber).at(-1);
}

/** The text of a schedule stands before it, whatever that says. */
function lastLine(body: string): string {
  return body.trimEnd().split(/\r?\n/).at(-1) ?? '';
}

function byNumber(one: { readonly number: number }, other: { readonly number: number }): number {
  return one.number - other.number;
}

function toMomentId(name: string, moment: number): string {
  return `${name}@${moment}`;
}
