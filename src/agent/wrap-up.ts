/** What an agent is told at the limit of its turns. */
export const wrapUp =
  'You have reached the limit of steps for this task. Finish now: leave the files in a working state and stop.';
