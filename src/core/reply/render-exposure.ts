/** Said wherever something works without a sandbox and people look: what was verified may have been changed from outside. */
export function renderExposure({ provider }: { readonly provider?: string | undefined }): string {
  if (provider !== 'none') return '';
  return (
    '> **Without a sandbox.** The operator and this repository both allow it: agents and commands reach the files, the processes ' +
    'and the network of the machine that they work on.'
  );
}
