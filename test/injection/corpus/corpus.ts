import type { Injection } from '../injection.ts';
import { comments } from './comments.ts';
import { files } from './files.ts';
import { issues } from './issues.ts';
import { logs } from './logs.ts';

export const corpus: readonly Injection[] = [...issues, ...comments, ...files, ...logs];
