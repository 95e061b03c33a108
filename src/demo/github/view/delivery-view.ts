import type { Delivery } from '../state/delivery.ts';
import type { World } from '../state/world.ts';
import { iso } from './format.ts';
import type { Schemas } from './schema.ts';

export function deliveryItemView(delivery: Delivery): Schemas['hook-delivery-item'] {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: iso(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

export function deliveryView(world: World, delivery: Delivery): Schemas['hook-delivery'] {
  const { id, installationId, repositoryId, request, response } = delivery;
  return {
    ...deliveryItemView(delivery),
    id,
    installation_id: installationId,
    repository_id: repositoryId,
    url: world.apps.get(delivery.appId)?.webhookUrl ?? '',
    request: { headers: { ...request.headers }, payload: { ...request.payload } },
    response: { headers: response ? { ...response.headers } : null, payload: response?.body ?? null },
  };
}
