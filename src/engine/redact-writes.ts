// The last gate before GitHub: nothing is written there with a secret in it, whoever wrote the text and whatever it forgot.
import { redact } from '../core/sanitise/redact.ts';
import type { CheckView, GitHubWriter } from './port/github.ts';

/** The same writer, through which no text goes as it is. Names of branches, labels and marks are ours and stay. */
export function redactWrites(writer: GitHubWriter): GitHubWriter {
  return {
    // What stood in the file before is the repository's, and stays as it is.
    createCommit: (repository, commit) =>
      writer.createCommit(repository, { ...commit, message: hide(commit.message), added: hide(commit.added) }),
    moveBranch: (repository, move) => writer.moveBranch(repository, move),
    createPull: (repository, { title, body, ...pull }) =>
      writer.createPull(repository, { ...pull, title: hide(title), body: hide(body) }),
    markReady: (repository, nodeId) => writer.markReady(repository, nodeId),
    updatePull: (repository, number, { title, body }) =>
      writer.updatePull(repository, number, {
        ...(title === undefined ? {} : { title: hide(title) }),
        ...(body === undefined ? {} : { body: hide(body) }),
      }),
    merge: (repository, number, options) =>
      writer.merge(repository, number, { ...options, title: hide(options.title), message: hide(options.message) }),
    createReview: (repository, number, { headSha, body, remarks }) =>
      writer.createReview(repository, number, {
        headSha,
        body: hide(body),
        remarks: remarks.map((remark) => ({ ...remark, body: hide(remark.body) })),
      }),
    updateReviewComment: (repository, id, body) => writer.updateReviewComment(repository, id, hide(body)),
    resolveReviewThread: (repository, id) => writer.resolveReviewThread(repository, id),
    unresolveReviewThread: (repository, id) => writer.unresolveReviewThread(repository, id),
    createComment: (repository, number, body) => writer.createComment(repository, number, hide(body)),
    updateComment: (repository, id, body) => writer.updateComment(repository, id, hide(body)),
    deleteComment: (repository, id) => writer.deleteComment(repository, id),
    createCheck: (repository, check) => writer.createCheck(repository, hideInCheck(check)),
    updateCheck: (repository, id, check) => writer.updateCheck(repository, id, hideInCheck(check)),
    addLabel: (repository, number, label) => writer.addLabel(repository, number, label),
    removeLabel: (repository, number, label) => writer.removeLabel(repository, number, label),
    addReaction: (repository, id, content) => writer.addReaction(repository, id, content),
    removeReaction: (repository, id, reaction) => writer.removeReaction(repository, id, reaction),
  };
}

function hideInCheck(check: CheckView): CheckView {
  const { title, summary, text, annotations } = check;
  return {
    ...check,
    title: hide(title),
    summary: hide(summary),
    ...(text === undefined ? {} : { text: hide(text) }),
    ...(annotations === undefined
      ? {}
      : { annotations: annotations.map((annotation) => ({ ...annotation, message: hide(annotation.message) })) }),
  };
}

function hide(text: string): string {
  return redact(text).text;
}
