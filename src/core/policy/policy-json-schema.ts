import { z } from 'zod';
import { Policy } from './policy.ts';

/** The JSON Schema of `.github/gatepilot.yml`, for editors: every key optional, with its default and description. */
export function policyJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(Policy, { io: 'input' }), title: 'Gatepilot', description: 'Settings of one repository.' };
}
