import { z } from 'zod';

const Package = z.object({ scripts: z.object({ test: z.string() }) });

/** What npm writes when nobody has thought of tests: it always fails. */
const placeholder = /no test specified/;

/** The verify command of a repository that names none: its own test script, when it has a real one. */
export function detectVerify(packageText: string | undefined): string | undefined {
  const parsed = Package.safeParse(parseJson(packageText ?? ''));
  if (!parsed.success || parsed.data.scripts.test.trim() === '' || placeholder.test(parsed.data.scripts.test))
    return undefined;
  return 'npm test';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
