// The App's own webhook: its settings, what was sent, and sending it again.
import type { Delivery } from '../state/delivery.ts';
import { notFound } from '../state/refusal.ts';
import { deliveryItemView, deliveryView } from '../view/delivery-view.ts';
import { startRedelivery } from '../webhook/deliver.ts';
import type { Call } from './call.ts';
import { type Answer, ok, type Route, route } from './route.ts';

/** GitHub keeps deliveries for three days; older ones can be neither seen nor sent again. */
const keptMs = 3 * 24 * 3_600_000;

function ownDeliveries(call: Call): readonly Delivery[] {
  const app = callingApp(call);
  const oldest = call.world.now() - keptMs;
  return call.world.deliveries.filter((one) => one.appId === app.id && one.deliveredAt >= oldest);
}

function callingApp(call: Call) {
  if (call.caller.kind !== 'app') throw new Error('the route is for Apps');
  return call.caller.app;
}

function ownDelivery(call: Call): Delivery {
  const id = call.number('delivery_id');
  const delivery = ownDeliveries(call).find((one) => one.id === id);
  if (!delivery) throw notFound();
  return delivery;
}

/** Newest first; pages are found by cursor, not by number. Those still under way are not listed yet. */
function listDeliveries(call: Call): Answer {
  const size = Math.min(100, Number(call.query.get('per_page') ?? 30) || 30);
  const wanted = call.query.get('status');
  const settled = ownDeliveries(call)
    .filter((one) => one.state !== 'pending' && one.state !== 'held')
    .filter((one) => wanted === null || (wanted === 'success') === (one.state === 'delivered'))
    .toReversed();
  const cursor = /^v1_(\d+)$/.exec(call.query.get('cursor') ?? '')?.[1];
  const start = cursor === undefined ? 0 : settled.findIndex((one) => one.id < Number(cursor));
  const page = start < 0 ? [] : settled.slice(start, start + size);
  const last = page.at(-1);
  const more = last !== undefined && settled.at(-1) !== last;
  const query = new URLSearchParams({ per_page: String(size), cursor: `v1_${last?.id}` });
  const link = `<${call.world.origin}/api/v3${call.path}?${query}>; rel="next"`;
  return { ...ok(page.map(deliveryItemView)), headers: more ? { link } : {} };
}

function configView(call: Call) {
  const app = callingApp(call);
  const secret = app.webhookSecret === null ? {} : { secret: '********' };
  return ok({ content_type: 'json', insecure_ssl: '0', ...secret, url: app.webhookUrl ?? '' });
}

export const deliveryRoutes: readonly Route[] = [
  route('GET /app/hook/config', 'app', configView),
  route('GET /app/hook/deliveries', 'app', listDeliveries),
  route('GET /app/hook/deliveries/{delivery_id}', 'app', (call) => ok(deliveryView(call.world, ownDelivery(call)))),
  route('POST /app/hook/deliveries/{delivery_id}/attempts', 'app', (call) => {
    startRedelivery(call.world, callingApp(call), ownDelivery(call));
    return { status: 202, body: {} };
  }),
];
