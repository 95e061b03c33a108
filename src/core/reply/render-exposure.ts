import type { Run } from '../model/run.ts';

/** Said of every run that works without a sandbox, wherever people look: what was verified may have been changed from outside. */
export function renderExposure({ policy }: Run): string {
  if (policy.sandbox.provider !== 'none') return '';
  return (
    '> **Without a sandbox.** The operator and this repository both allow it: agents and commands of this run reach the files, ' +
    'the processes and the network of the machine that they work on.'
  );
}
