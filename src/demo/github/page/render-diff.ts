import { html } from 'hono/html';
import type { PullSnapshot } from '../state/snapshot.ts';
import type { Html, Markup } from './html.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { isBot, type RepositoryView } from './page-view.ts';
import { type DiffFile, type DiffLine, parseDiff } from './parse-diff.ts';
import { renderAuthor } from './render-author.ts';
import { foldResolved, type LineComment, listLineComments, renderAnswers } from './render-review-thread.ts';
import { visibleText } from './visible-text.ts';

/** What a thread began with, and what was answered. */
interface Thread {
  readonly comment: LineComment;
  readonly answers: readonly Html[];
}

const maxLinesPerFile = 1500;
const maxLines = 6000;

/** A unified diff, file by file, with a pull request's review comments below the lines they are about. */
export function renderDiff(text: string, view: RepositoryView, pull?: PullSnapshot): Html {
  const files = parseDiff(text);
  const threads = pull ? listThreads(pull, view) : [];
  let left = maxLines;
  const boxes = files.map((file, position) => {
    const shown = Math.min(maxLinesPerFile, Math.max(left, 0));
    left -= Math.min(lineCount(file), shown);
    return renderFile(
      { file, position, shown, threads: threads.filter(({ comment }) => comment.path === file.path) },
      view,
    );
  });
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const count = `${files.length} changed ${files.length === 1 ? 'file' : 'files'}`;
  return html`<p class="diff-summary">${count} ${renderCounts({ additions, deletions })}</p>${boxes}`;
}

function listThreads(pull: PullSnapshot, view: RepositoryView): Thread[] {
  return listLineComments(pull)
    .filter(({ inReplyTo }) => inReplyTo === undefined)
    .map((comment) => ({ comment, answers: renderAnswers(comment.id, pull, view) }));
}

function lineCount(file: DiffFile): number {
  return file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
}

interface FileParts {
  readonly file: DiffFile;
  readonly position: number;
  /** How many lines are shown at most. */
  readonly shown: number;
  readonly threads: readonly Thread[];
}

function renderFile({ file, position, shown, threads }: FileParts, view: RepositoryView): Html {
  const total = lineCount(file);
  let left = shown;
  const hunks = file.hunks.map((hunk) => {
    const lines = hunk.lines.slice(0, left);
    left -= lines.length;
    if (lines.length === 0) return '';
    const head = html`<tr class="line-hunk"><td></td><td></td><td>${visibleText(hunk.header)}</td></tr>`;
    return html`${head}${lines.map((line) => renderLine(line, threads, view))}`;
  });
  const rest =
    total > shown ? html`<p class="quiet diff-note">${total - shown} more lines are not shown here.</p>` : '';
  const body =
    total === 0
      ? html`<p class="quiet diff-note">${file.isBinary ? 'A binary file.' : 'No change of content.'}</p>`
      : html`<div class="scroll"><table class="diff"><tbody>${hunks}</tbody></table></div>${rest}`;
  const outside = threads.filter(
    ({ comment }) => !file.hunks.some((hunk) => hunk.lines.some((line) => isAt(comment, line))),
  );
  const change = file.change === 'changed' ? '' : html`<span class="badge">${file.change}</span>`;
  return html`<details class="box fold file" id="file-${position}" open data-path="${file.path}">
    <summary class="box-head">
      <span class="grow"><code class="file-name" dir="auto">${nameOf(file)}</code> ${change}</span> ${renderCounts(file)}
    </summary>
    ${body}${outside.map((thread) => renderInlineThread(thread, view))}
  </details>`;
}

function renderCounts({ additions, deletions }: { additions: number; deletions: number }): Html {
  return html`<span class="added">+${additions}</span> <span class="removed">−${deletions}</span>`;
}

function nameOf(file: DiffFile): Markup {
  const path = visibleText(file.path);
  return file.previousPath === undefined ? path : html`${visibleText(file.previousPath)} → ${path}`;
}

const marks = { added: '+', removed: '-', context: ' ', note: ' ' } as const;

function renderLine(line: DiffLine, threads: readonly Thread[], view: RepositoryView): Html {
  const here = threads.filter(({ comment }) => isAt(comment, line)).map((thread) => renderInlineThread(thread, view));
  const below = here.length === 0 ? '' : html`<tr class="line-comment"><td colspan="3">${here}</td></tr>`;
  const mark = html`<span class="line-mark">${marks[line.kind]}</span>`;
  // No space around the text: it would be part of the line.
  return html`<tr class="line-${line.kind}">
    <td class="line-number">${line.oldLine ?? ''}</td>
    <td class="line-number">${line.newLine ?? ''}</td>
    <td class="line-text">${mark}${visibleText(line.text)}</td>
  </tr>${below}`;
}

function isAt(comment: LineComment, line: DiffLine): boolean {
  if (comment.side === 'LEFT') return line.kind !== 'added' && line.oldLine === comment.line;
  return line.kind !== 'removed' && line.newLine === comment.line;
}

function renderInlineThread({ comment, answers }: Thread, view: RepositoryView): Html {
  const title = html`${renderAuthor(comment.author, isBot(view, comment.author))} <span class="quiet">line ${comment.line}</span>`;
  const text = renderMarkdown(comment.body, { repositoryPath: view.repositoryPath, origin: view.origin });
  const body = html`${text}${answers}`;
  return html`<div class="inline-comment" id="discussion_r${comment.id}">${foldResolved(comment, { title, body })}</div>`;
}
