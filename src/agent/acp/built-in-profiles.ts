import type { AcpProfile } from './acp-profile.ts';
import { claude } from './profile/claude.ts';
import { codex } from './profile/codex.ts';
import { copilot } from './profile/copilot.ts';
import { gemini } from './profile/gemini.ts';
import { opencode } from './profile/opencode.ts';

export const builtInProfiles: readonly AcpProfile[] = [claude, codex, copilot, gemini, opencode];
