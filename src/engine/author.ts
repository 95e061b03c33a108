/** Who makes the commits of ours: an address that is nobody's, so that no account anywhere is taken for their author. */
export const author = { name: 'gatepilot', email: 'gatepilot@gatepilot.invalid' };
