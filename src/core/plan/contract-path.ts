// Contracts are literal paths: a star or a brace in one is part of its name.
import { splitPath } from './protected-path.ts';

/** Whether a path is the contract or, should the contract be a folder, lies below it. Letter case is ignored. */
export function isWithinContract(path: string, contract: string): boolean {
  const inner = splitPath(path.toLowerCase());
  const outer = splitPath(contract.toLowerCase());
  return outer.length > 0 && outer.every((name, at) => inner[at] === name);
}
