// What the forms of the pages can do: the fields of each, and the verb they become. Where a form has made something,
// it leads there; otherwise back to its page.
import { z } from 'zod';
import type { Actions } from '../action/actions.ts';
import { reactionContents } from '../state/issue.ts';

const number = z.coerce.number().int().positive();
const onRepository = { as: z.string().min(1), repository: z.string() };
const onIssue = { ...onRepository, number };
/** Browsers send text areas with CRLF. */
const text = z.string().transform((value) => value.replaceAll('\r\n', '\n'));
const filledText = text.refine((value) => value.trim() !== '', 'must not be empty');

/** Takes the form's fields; the result is where to go, undefined for back to the form's page. */
type Submit = (act: Actions, fields: unknown) => Promise<string | undefined>;

function form<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (act: Actions, input: z.output<z.ZodObject<Shape>>) => Promise<string | undefined>,
): Submit {
  const schema = z.object(shape);
  return (act, fields) => run(act, schema.parse(fields));
}

/** For verbs after which the page itself shows the result. */
function stay<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (act: Actions, input: z.output<z.ZodObject<Shape>>) => Promise<unknown>,
): Submit {
  return form(shape, async (act, input) => {
    await run(act, input);
    return undefined;
  });
}

const forms = {
  'open-issue': form({ ...onRepository, title: filledText, body: text }, async (act, input) => {
    const issue = await act.openIssue(input);
    return `/${input.repository}/issues/${issue.number}`;
  }),
  'open-pull': form(
    { ...onRepository, title: filledText, body: text, head: z.string(), base: z.string() },
    async (act, input) => {
      const pull = await act.openPull(input);
      return `/${input.repository}/pull/${pull.number}`;
    },
  ),
  comment: stay({ ...onIssue, body: filledText }, (act, input) => act.comment(input)),
  close: stay(onIssue, (act, input) => act.closeIssue(input)),
  reopen: stay(onIssue, (act, input) => act.reopenIssue(input)),
  label: stay({ ...onIssue, label: filledText }, (act, input) => act.label(input)),
  unlabel: stay({ ...onIssue, label: z.string() }, (act, input) => act.unlabel(input)),
  react: stay({ ...onIssue, commentId: number.optional(), content: z.enum(reactionContents) }, (act, input) =>
    act.react({ ...input, ...(input.commentId !== undefined && { commentId: input.commentId }) }),
  ),
  review: stay({ ...onIssue, event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']), body: text }, (act, input) =>
    act.review(input),
  ),
  'reply-in-thread': stay({ ...onIssue, commentId: number, body: filledText }, (act, input) =>
    act.replyInThread(input),
  ),
  'resolve-thread': stay({ ...onIssue, commentId: number, isResolved: z.stringbool() }, (act, input) =>
    act.setThreadResolved(input),
  ),
  'set-draft': stay({ ...onIssue, draft: z.stringbool() }, (act, input) => act.setDraft(input)),
  merge: stay({ ...onIssue, method: z.enum(['merge', 'squash']) }, (act, input) => act.mergePull(input)),
  push: stay(
    { ...onRepository, branch: filledText, path: filledText, content: text, message: filledText },
    (act, { path, content, ...input }) => act.pushCommit({ ...input, files: { [path]: content } }),
  ),
  'check-action': stay({ ...onRepository, checkRunId: number, identifier: z.string() }, (act, input) =>
    act.clickCheckAction(input),
  ),
  'rerequest-check': stay({ ...onRepository, checkRunId: number }, (act, input) => act.rerequestCheck(input)),
} satisfies Readonly<Record<string, Submit>>;

export type FormVerb = keyof typeof forms;

export function findForm(verb: string): Submit | undefined {
  return Object.hasOwn(forms, verb) ? forms[verb as FormVerb] : undefined; // an own key is a FormVerb
}
