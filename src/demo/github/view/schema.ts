import type { components } from '@octokit/openapi-types';

/** GitHub's published shapes by name. */
export type Schemas = components['schemas'];
