// The kinds of values that settings have. Each message says what is expected, for the person who wrote something else.
import { z } from 'zod';

const maxListed = 100;

/** A line for a shell inside the sandbox. */
const ShellCommand = z.string().trim().min(1).max(4_000);
export const ShellCommands = z.array(ShellCommand).max(20);

/** A host name; `*.` before it stands for every host below. */
export const Domains = z
  .array(
    z
      .string()
      .max(253)
      .regex(/^(?:\*\.)?(?:[a-z0-9-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/i, 'a host name such as registry.npmjs.org'),
  )
  .max(maxListed);

const relative = 'a path inside the repository, without a leading "/" and without ".."';

/** A path of the repository, as git writes it. */
export const RepositoryPath = z
  .string()
  .min(1)
  .max(300)
  .regex(/^(?!\/)[^\\]+$/, relative)
  .refine((path) => !path.split('/').includes('..'), relative);

/** Paths of the repository with *, ** and ?. */
export const PathPatterns = z.array(RepositoryPath).max(maxListed);

/** Names in the order in which they are tried; the next one is used when one is not available. */
export const Chain = z.array(z.string().trim().min(1).max(100)).max(10);

export function minutes(most: number): z.ZodNumber {
  return z.number().int().min(1).max(most);
}

export function usd(most: number): z.ZodNumber {
  return z.number().min(0.01).max(most);
}
