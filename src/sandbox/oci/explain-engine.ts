// Turns the complaint of an engine into one sentence: what is missing, and the mend.
interface Explanation {
  readonly complaint: RegExp;
  readonly mend: string;
}

const explanations: readonly Explanation[] = [
  { complaint: /ENOENT|could not start/, mend: 'its program is not there: install it' },
  {
    complaint: /Cannot connect to the Docker daemon|docker\.sock/i,
    mend: 'its daemon does not answer: start it, and let the worker use its socket',
  },
  {
    complaint: /executable file .* not found|a command that was not found/i,
    mend: 'the image has no "sh" where programs are looked for: install a shell in it',
  },
  {
    complaint: /no such image|image not known|unable to find image/i,
    mend: 'the image is not on this host: pull or build it, since a worker fetches none',
  },
  {
    complaint: /waiting for container|unexpected EOF/i,
    mend: 'it went away while a container was at work, which was ended: see why it stopped',
  },
  {
    complaint: /cannot be seen from here/,
    mend: 'its containers run on another host or in another process namespace: run the worker where they run',
  },
  {
    complaint: /cannot (clone|set up namespace)|userns|user namespaces?|newuidmap|uid_map/i,
    mend: 'the system does not let it make user namespaces: allow them',
  },
];

export function explainEngine(engine: string, said: string): string {
  const shown = said === '' ? 'it said nothing' : `it said: ${said.replace(/\s+/g, ' ').slice(-400)}`;
  const known = explanations.find(({ complaint }) => complaint.test(said));
  return known ? `${engine}: ${known.mend} (${shown})` : `${engine} could not set it up (${shown})`;
}
