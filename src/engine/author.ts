/** Who makes the commits of ours. */
export const author = { name: 'gatepilot', email: 'gatepilot@users.noreply.github.com' };
