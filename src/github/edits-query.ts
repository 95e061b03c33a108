// When the text of an issue or pull request was edited: REST does not say that. It is one query, which GitHub's published
// GraphQL schema allows.
import { z } from 'zod';
import type { ThreadEdits } from '../engine/port/github.ts';
import { readAnswer } from './ask-graphql.ts';

const facts = `createdAt lastEditedAt
  renamed: timelineItems(last: 1, itemTypes: [RENAMED_TITLE_EVENT]) { nodes { ...on RenamedTitleEvent { createdAt } } }
  labelled: timelineItems(last: 50, itemTypes: [LABELED_EVENT]) {
    nodes { ...on LabeledEvent { createdAt actor { login } label { name } } }
  }`;

export const editsQuery = `query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issueOrPullRequest(number: $number) { ...on Issue { ${facts} } ...on PullRequest { ${facts} } }
  }
}`;

const Moment = z.iso.datetime().transform((text) => Date.parse(text));

const Answer = z.object({
  repository: z.object({
    issueOrPullRequest: z.object({
      createdAt: Moment,
      lastEditedAt: Moment.nullable(),
      renamed: z.object({ nodes: z.array(z.object({ createdAt: Moment })) }),
      labelled: z.object({
        nodes: z.array(
          z.object({
            createdAt: Moment,
            /** Null of an account that is gone. */
            actor: z.object({ login: z.string() }).nullable(),
            label: z.object({ name: z.string() }),
          }),
        ),
      }),
    }),
  }),
});

export function toEdits(answer: unknown): ThreadEdits {
  const { repository } = readAnswer(Answer, answer, 'read when the issue was edited');
  const { createdAt, lastEditedAt, renamed, labelled } = repository.issueOrPullRequest;
  return {
    editedAt: Math.max(createdAt, lastEditedAt ?? 0, ...renamed.nodes.map((node) => node.createdAt)),
    labelled: labelled.nodes.flatMap(({ createdAt: at, actor, label }) =>
      actor ? [{ label: label.name.toLowerCase(), by: actor.login, at }] : [],
    ),
  };
}
