/** Where deliveries are taken; nothing else of the public port takes any. */
export const webhookPath = '/api/github/webhooks';
