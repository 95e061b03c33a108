/** Of what a run made that is over for good: what anybody can do who wants it all the same. */
export const wayOn =
  'Nothing of it is verified any more: whoever wants it opens a pull request from another branch, with a commit of its own, ' +
  'or starts a new run.';
