/** The people of every test repository, by what they may do there. */
export const writer = 'mona';
export const triager = 'tina';
export const reader = 'rita';
/** Has an account on GitHub and nothing else. */
export const outsider = 'otto';
