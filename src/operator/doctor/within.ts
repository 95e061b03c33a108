import { type Finding, fail } from './finding.ts';

interface Look {
  /** What stands there when it says nothing. */
  readonly check: string;
  readonly limitMs: number;
  /** What to do where it failed in a way that nobody has thought of. */
  readonly mend: string;
}

/** Looks, and makes a line of whatever goes wrong, and of taking too long. */
export async function within(
  { check, limitMs, mend }: Look,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(() => resolve([fail(check, `no answer within ${limitMs / 1000} seconds`, mend)]), limitMs);
  });
  try {
    return await Promise.race([look(), late]);
  } catch (error) {
    return [fail(check, error instanceof Error ? error.message : String(error), mend)];
  } finally {
    clearTimeout(timer);
  }
}
