import type { LostDeliveries, LostDelivery } from '../../src/engine/port/lost-deliveries.ts';

/** As the store keeps them, for as long as a test lasts. */
export function createMemoryOfLost(): LostDeliveries {
  const given = new Map<string, LostDelivery>();
  const asked = new Map<string, LostDelivery>();
  return {
    keep: async (lost) => void given.set(lost.guid, lost),
    list: async () => [...given.values()].sort((one, other) => one.at - other.at),
    async askAgain(guid) {
      const lost = given.get(guid);
      if (lost) asked.set(guid, lost);
      return given.delete(guid);
    },
    listAsked: async () => [...asked.values()],
    async forget(guid) {
      given.delete(guid);
      asked.delete(guid);
    },
  };
}
