// What people wrote, as a model is told it.
import { fence } from '../sanitise/fence.ts';

export interface SaidText {
  readonly title?: string;
  readonly author: string;
  readonly text: string;
}

const textCharsAtMost = 20_000;
const allTextCharsAtMost = 60_000;

/** The issue first and whole as far as it fits; of a long conversation the newest part matters most. */
export function renderTexts(texts: readonly SaidText[]): string {
  const [issue, ...comments] = texts.map((entry) => {
    const title = entry.title === undefined ? '' : `${entry.title}\n\n`;
    return `@${entry.author}:\n\n${fence(`${title}${entry.text}`.slice(0, textCharsAtMost))}`;
  });
  const kept: string[] = [];
  let size = issue?.length ?? 0;
  for (const comment of comments.reverse()) {
    size += comment.length;
    if (size > allTextCharsAtMost) break;
    kept.unshift(comment);
  }
  const omitted = comments.length - kept.length;
  return [issue ?? '', ...(omitted > 0 ? [`(${omitted} older comments are left out.)`] : []), ...kept].join('\n\n');
}
