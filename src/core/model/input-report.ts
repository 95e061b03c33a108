import { z } from 'zod';

/** What was taken out of a text because people do not see it. */
export const StrippedKind = z.enum([
  'html_comment',
  'link_definition',
  'zero_width',
  'bidi',
  'tag',
  'variation_selector',
  'control',
]);
export type StrippedKind = z.infer<typeof StrippedKind>;

/** Texts that did not reach an agent, by whoever wrote them. */
export const Withheld = z.object({ author: z.string(), texts: z.number().int(), chars: z.number().int() });
export type Withheld = z.infer<typeof Withheld>;

/** What of a thread reached the agents of a run and what did not: shown to people. */
export const InputReport = z.object({
  admitted: z.number().int(),
  withheld: z.number().int(),
  stripped: z.number().int(),
  /** Whose texts the withheld ones are, as far as that was kept: the most first. */
  withheldFrom: z.array(Withheld).optional(),
  /** Of the admitted: by people without write permission, and who vouched for them. */
  vouched: z.object({ texts: z.number().int(), by: z.string() }).optional(),
  /** What the stripped pieces are, as far as that was kept. */
  strippedKinds: z.array(z.object({ kind: StrippedKind, count: z.number().int() })).optional(),
});
export type InputReport = z.infer<typeof InputReport>;
