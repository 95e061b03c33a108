import { createDefinitionCollector } from './collect-definitions.ts';
import type { OpenApiDocument } from './open-api.ts';
import { webhookActions } from './operations.ts';
import { shareRepeats } from './share-repeats.ts';
import type { WebhookSlice } from './slice.ts';

export function cutWebhooks(document: OpenApiDocument): Omit<WebhookSlice, 'from' | 'notice'> {
  const collector = createDefinitionCollector(document.components.schemas);
  const webhooks: Record<string, string> = {};
  for (const [event, actions] of Object.entries(webhookActions)) {
    for (const action of actions.length === 0 ? [undefined] : actions) {
      const name = action === undefined ? event : `${event}.${action}`;
      const schema = document.webhooks[name.replaceAll(/[_.]/g, '-')]?.post.requestBody?.content['application/json'];
      if (!schema?.schema) throw new Error(`GitHub's schemas have no webhook ${name}`);
      collector.add(name, collector.prepare(schema.schema));
      webhooks[name] = name;
    }
  }
  return { webhooks, $defs: shareRepeats(collector.definitions) };
}
