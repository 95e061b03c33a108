// What is known about one agent that speaks the protocol: data, so that a new agent is a new profile and no new code.
// In texts `{modules}` stands for the folder of the installed packages inside, `{url}` for the model gateway, `{model}` for
// the model's name, `{arch}` for the processor, as npm calls it, and, in the environment alone, `{token}` for the attempt's token.
import { z } from 'zod';

const texts = z.record(z.string(), z.string());

/** What the program is started with: everywhere, and in addition for one protocol of models. */
const Launch = z.strictObject({
  args: z.array(z.string()).default([]),
  env: texts.default({}),
  /** By their path below the home folder. A value that is no text is written as JSON. */
  files: z.record(z.string(), z.unknown()).default({}),
});

export const AcpProfile = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
  /** What is installed for it, exactly; scripts of packages are not run. */
  packages: z.record(
    z.string(),
    z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, 'has to be one exact version, such as 1.4.2'),
  ),
  program: z.string(),
  ...Launch.shape,
  /** The models that it can talk to through the gateway, with what it needs for each. */
  models: z.partialRecord(z.enum(['anthropic', 'openai', 'google', 'compatible']), Launch),
  /** Session mode in which it does not ask before it acts: the sandbox is what holds it. */
  mode: z.string().optional(),
  /**
   * What a second prompt during a turn does. `joins`: it is taken into the turn. `interrupts`: anything else, so the turn
   * is broken off and gone on with by what is to be said.
   */
  steer: z.enum(['joins', 'interrupts']),
  /** False when it says that it can go back to a session and loses what was said in it. */
  resumes: z.boolean().default(true),
  /** Command of the agent's own that summarises the conversation, without the slash. */
  compact: z.string().optional(),
  /** How it begins the message by which it ends a turn in good order although the model failed. */
  errorPrefix: z.string().min(1).optional(),
  /** What stands in the notes about a session, as JSON, when a turn that ends in good order has failed. */
  failureMark: z.string().min(4).optional(),
});
export type AcpProfile = z.infer<typeof AcpProfile>;
